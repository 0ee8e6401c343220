import { type StoreSubject, storeContract } from '../contract/store-contract.ts';
import { settableClock } from '../contract/store-fixture.ts';
import { noFailpoints } from '../../src/ports/failpoints.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { emptySnapshot, fromSnapshot } from './simulated-database.ts';

storeContract('SQLite in memory, opened from a snapshot', async (t): Promise<StoreSubject> => {
  const clock = settableClock();
  return {
    clock,
    shared: false,
    open: async (failpoints = noFailpoints) => {
      const connection = fromSnapshot(await emptySnapshot());
      const store = await openSqlite({ file: ':memory:', readOnly: false, clock, failpoints, connection });
      t.after(() => store.close());
      return store;
    },
  };
});
