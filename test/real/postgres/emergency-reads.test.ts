import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { sql } from 'kysely';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { noFailpoints } from '../../../src/ports/failpoints.ts';
import { openPostgres } from '../../../src/store/postgres.ts';
import { startPostgres } from '../../fixtures/postgres.ts';

const postgres = await startPostgres();
after(() => postgres.stop());

test('an emergency reads, and writes, before a thousand others that wait for a connection', async (t) => {
  const url = await postgres.database();
  const store = await openPostgres({ url, lease: 30_000, readOnly: false, clock: systemClock, failpoints: noFailpoints });
  t.after(() => store.close());
  let answered = 0;
  const others = Array.from({ length: 1_000 }, async () => {
    await sql`select pg_sleep(0.005)`.execute(store.read);
    answered += 1;
  });
  await sql`select 1`.execute(store.readFor('emergency'));
  await store.transaction('emergency', async (unit) => sql`select 1`.execute(unit), 'scorer', 'emergency');
  // Only what had a connection, or got one of the others meanwhile: most of the line still waits.
  assert.ok(answered < 500, `${answered} of ${others.length} were answered first`);
  await Promise.all(others);
  assert.equal(answered, 1_000);
});
