import { type Kysely, sql } from 'kysely';
import type { Failpoints } from '../ports/failpoints.ts';
import type { Patiently } from './postgres-driver.ts';
import { isCrossed, isLost } from './postgres-problems.ts';
import type { Store, Urgency } from './store.ts';
import type { Tables } from './tables.ts';
import { UnknownCommit } from './unknown-commit.ts';

export interface UnitOptions {
  readonly place: string;
  readonly patiently: Patiently;
  readonly failpoints: Failpoints;
}

const mayPass = (error: unknown): boolean => isCrossed(error) || isLost(error);

/**
 * Units of work that are alone with their rows by locks taken first, as `begin immediate` makes them on SQLite. One that was crossed
 * or lost its connection before COMMIT is run again. A COMMIT whose answer was lost is read back, and only then perhaps run again.
 */
export function unitsOfWork(
  lines: Readonly<Record<Urgency, Kysely<Tables>>>,
  { place, patiently, failpoints }: UnitOptions,
): Store['transaction'] {
  return <Result>(name: string, work: Parameters<Store['transaction']>[1], service?: string, urgency: Urgency = 'usual') =>
    patiently(async () => {
      const database = lines[urgency];
      let committing: string | null = null;
      let result: unknown;
      try {
        await database.transaction().execute(async (transaction) => {
          const begin = sql<{ at: number; unit: string }>`select * from sofare_begin(${service ?? null})`;
          const { at, unit } = (await begin.execute(transaction)).rows[0] as { at: number; unit: string };
          result = await work(transaction, at);
          failpoints.hit(`${name}.before-commit`);
          committing = unit;
        });
      } catch (error) {
        if (committing === null || !isLost(error) || !(await wasCommitted(committing))) throw error;
      }
      failpoints.hit(`${name}.after-commit`);
      return result as Result;
    }, mayPass);

  /**
   * Asks for the row that the unit wrote, by writing it: while the unit may still be committed the server lets us wait for it, and when
   * this has written the row the unit can never be committed any more.
   */
  async function wasCommitted(unit: string): Promise<boolean> {
    const read = sql<{ at: number }>`insert into commits values (${unit}, -1)
      on conflict (unit) do update set at = commits.at returning at`;
    try {
      const { rows } = await patiently(() => read.execute(lines.emergency), mayPass);
      return (rows[0]?.at ?? -1) >= 0;
    } catch (error) {
      throw new UnknownCommit(place, error);
    }
  }
}
