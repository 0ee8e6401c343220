import { beginLedger } from '../detect/counters/counter-ledger.ts';
import type { StepContext } from '../execute/performer.ts';
import { worldOf } from '../execute/world.ts';
import { ProblemError } from '../model/errors.ts';
import type { CountersReading } from '../model/hosting.ts';

/** A reading of the counters that versions are judged by, or why nobody tells them. Missing data decides nothing. */
export type Judged = { readonly reading: CountersReading; readonly why: null } | { readonly reading: null; readonly why: string };

export async function readJudged({ engine, signal }: StepContext): Promise<Judged> {
  const world = worldOf(engine);
  try {
    return { reading: await (world.judged ?? world.signal).query(signal), why: null };
  } catch (error) {
    if (error instanceof ProblemError) return { reading: null, why: error.problem.why };
    throw error;
  }
}

/** Where counting begins if nobody tells: whatever is told later began before. */
export function nothingCounted(at: number): CountersReading {
  const labels = { scored: 0, unknown: 0, duplicate: 0, late: 0, malformed: 0 };
  return { at, epoch: 0, arms: {}, labels, refused: 0, ledger: beginLedger([], at) };
}
