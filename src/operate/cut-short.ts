import { type Problem, ProblemError } from '../model/errors.ts';
import { hasEnded, type Operation } from '../model/operation.ts';
import type { Engine } from '../execute/engine.ts';
import { readOperation } from '../execute/read.ts';
import { moved } from '../execute/run.ts';
import type { Outcome } from './outcome.ts';

/**
 * An error that cut an operation short. What it did until then stands, so the error says how to go on and whether production was
 * changed, whatever the one who failed knew of that. One that had ended when telling others of it failed has ended.
 */
export async function cutShort(engine: Engine, { id }: Operation, error: unknown): Promise<Outcome> {
  if (!(error instanceof ProblemError)) throw error;
  const { problem } = error;
  // It keeps its name and its way out; what was done until then can no longer be read.
  if (problem.code === 'registry.damaged') throw new ProblemError({ ...problem, touched: 'unknown' }, { cause: error });
  if (!cuts(problem)) throw error;
  const next = `sofare resume ${id}`;
  if (problem.code === 'disk.unsynced')
    throw new ProblemError({ ...problem, next: `look at the disk (dmesg), then: ${next}` }, { cause: error });
  const now = await readOperation(engine.store.read, id).catch(() => null);
  if (now && hasEnded(now.state) && now.supersededBy === null) return { kind: 'ran', operation: now, by: null };
  throw new ProblemError(
    {
      code: 'interrupted',
      what: `operation ${id} was stopped: ${problem.what}`,
      why: `${problem.why}; what was done is journalled`,
      touched: now === null ? 'unknown' : moved(now) ? 'yes' : hadOthers(now) ? 'unknown' : 'no',
      next,
    },
    { cause: error },
  );
}

/** What was done before it was taken over may be in a journal that is not ours, and the record hears of it late. */
function hadOthers({ owners }: Operation): boolean {
  return owners.length > 1;
}

/** What stops an operation on its way, in the journal, the record or the host. None of these says what was done until then. */
function cuts({ code }: Problem): boolean {
  switch (code) {
    case 'registry.full':
    case 'registry.busy':
    case 'registry.read-only':
    case 'registry.unreachable':
    case 'disk.failed':
    case 'disk.unsynced':
    case 'target.unreachable':
    case 'outcome.unknown':
    case 'check.refused':
    case 'lane.taken':
    case 'plan.stale':
      return true;
    default:
      return false;
  }
}
