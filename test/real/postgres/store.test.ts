import { after } from 'node:test';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { noFailpoints } from '../../../src/ports/failpoints.ts';
import { openPostgres } from '../../../src/store/postgres.ts';
import { storeContract } from '../../contract/store-contract.ts';
import { startPostgres } from '../../fixtures/postgres.ts';

const postgres = await startPostgres();
after(() => postgres.stop());

storeContract('PostgreSQL', async (t) => {
  const url = await postgres.database();
  return {
    clock: null,
    shared: true,
    open: async (failpoints = noFailpoints) => {
      const store = await openPostgres({ url, lease: 30_000, readOnly: false, clock: systemClock, failpoints });
      t.after(() => store.close());
      return store;
    },
  };
});
