import { systemFailpoints } from '../../src/adapters/system/failpoints.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { settableClock } from '../contract/store-fixture.ts';

/** Asks for as many units of work as it is told, all at once, each of which puts down a task; dies where its failpoint says. */
const [file = '', units = '0'] = process.argv.slice(2);
const failpoints = systemFailpoints({ failpoint: process.env['SOFARE_FAILPOINT'], trace: undefined });
const store = await openSqlite({ file, readOnly: false, clock: settableClock(), failpoints });
await Promise.all(
  Array.from({ length: Number(units) }, (_, index) =>
    store.transaction('unit', (tx) =>
      tx
        .insertInto('tasks')
        .values({ service: 's', kind: String(index), data: '{}', due: index, attempts: 0, owner: null })
        .execute(),
    ),
  ),
);
process.stdout.write('all answered');
