import { sql } from 'kysely';
import { noFailpoints } from '../../src/ports/failpoints.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { settableClock } from '../contract/store-fixture.ts';

/** Adds one, as many times as it is told to, each in a transaction of its own, and says how the database was opened. */
const [file = '', times = '0'] = process.argv.slice(2);
const store = await openSqlite({ file, readOnly: false, clock: settableClock(), failpoints: noFailpoints });
const synchronous = await sql`pragma synchronous`.execute(store.read);
const journal = await sql`pragma journal_mode`.execute(store.read);
console.log(JSON.stringify({ ...(synchronous.rows[0] as object), ...(journal.rows[0] as object) }));
await store.transaction('start', (tx) =>
  tx
    .insertInto('services')
    .values({ service: 's', model: 'm', pointer: null, pointed_at: null, fence: 0, hold: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute(),
);
for (let done = 0; done < Number(times); done += 1) {
  await store.transaction('increment', async (tx) => {
    const { fence } = await tx.selectFrom('services').select('fence').where('service', '=', 's').executeTakeFirstOrThrow();
    await tx
      .updateTable('services')
      .set({ fence: fence + 1 })
      .where('service', '=', 's')
      .execute();
  });
}
await store.close();
