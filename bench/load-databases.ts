import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../src/adapters/system/clock.ts';
import { systemTurn } from '../src/adapters/system/turn.ts';
import { noFailpoints } from '../src/ports/failpoints.ts';
import { openPostgres } from '../src/store/postgres.ts';
import { openSqlite } from '../src/store/sqlite.ts';
import type { Store } from '../src/store/store.ts';
import { postgresPrograms, startPostgres } from '../test/fixtures/postgres.ts';

/** Does work on every database that this machine has, each time on an empty one. */
export async function withDatabases(
  work: (name: 'SQLite' | 'PostgreSQL', open: () => Promise<Store>) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sofare-bench-'));
  let files = 0;
  try {
    await work('SQLite', () => {
      files += 1;
      const file = join(folder, `${files}.db`);
      return openSqlite({ file, readOnly: false, clock: systemClock, failpoints: noFailpoints, turn: systemTurn });
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
  if (postgresPrograms() === null) return;
  const postgres = await startPostgres();
  try {
    await work('PostgreSQL', async () => {
      const url = await postgres.database();
      return openPostgres({ url, lease: 30_000, readOnly: false, clock: systemClock, failpoints: noFailpoints });
    });
  } finally {
    await postgres.stop();
  }
}
