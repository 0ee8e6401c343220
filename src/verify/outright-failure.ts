import type { StepContext } from '../execute/performer.ts';
import { worldOf } from '../execute/world.ts';
import { ProblemError } from '../model/errors.ts';

/** Why a version has failed without any statistics: the target gave it up, or no copy of it is ready. Null: it has not, or nobody tells. */
export async function outrightFailure(version: string, { engine, signal }: StepContext): Promise<string | null> {
  const observed = await worldOf(engine)
    .target.observe(signal)
    .catch((error: unknown) => {
      if (error instanceof ProblemError) return null;
      throw error;
    });
  if (!observed) return null;
  const found = observed.versions[version];
  if (!found) return 'it does not run';
  return found.failed ?? (found.copies.some((copy) => copy.ready) ? null : 'no copy of it is ready');
}
