import { type Problem, ProblemError } from '../model/errors.ts';
import type { Operation, OperationEvent } from '../model/operation.ts';
import type { Plan } from '../model/plan.ts';
import type { Engine } from '../execute/engine.ts';
import { commitEvents, isFenced } from '../execute/lane.ts';
import { lifeOf } from '../execute/lease.ts';
import { readOperation, requireOperation } from '../execute/read.ts';
import { run } from '../execute/run.ts';
import { actOnVerdict } from './act-on-verdict.ts';
import { cutShort } from './cut-short.ts';
import type { Outcome } from './outcome.ts';
import { reconcile } from './reconcile.ts';
import type { Request } from './request.ts';
import { nextBest } from './rollback-plan.ts';

/**
 * Runs an operation that this process owns to where it rests, then what its verdict asks for; and follows whoever takes it over. `first`
 * is journalled before, under a name: what the claim was made for.
 */
export async function carryOut(
  engine: Engine,
  begun: Operation,
  request: Request,
  first: { readonly name: string; readonly event: OperationEvent } | null = null,
): Promise<Outcome> {
  const replan = (failed: Operation, problem: Problem): Promise<Plan | null> => nextBest(engine, failed, problem, request.signal);
  try {
    if (first) await commitEvents(engine, first.name, begun, [first.event]);
    const next = first ? await requireOperation(engine.store.read, begun.id) : begun;
    const operation = await run(engine, next, { signal: request.signal, replan });
    const by = await actOnVerdict(engine, operation, request);
    return { kind: 'ran', operation, by };
  } catch (error) {
    // Whoever follows what became of it needs the registry and the world as much as who runs it.
    if (isFenced(error))
      return superseded(engine, begun.id, request.signal).catch((failed: unknown) => cutShort(engine, begun, failed));
    if (request.signal.aborted) throw new ProblemError(interrupted(begun), { cause: error });
    return cutShort(engine, begun, error);
  }
}

/**
 * Somebody else has this operation, or another one has its lane, in our database or at the record: this one waits for how that ends,
 * since its end is what the caller wants to know.
 */
async function superseded(engine: Engine, id: string, signal: AbortSignal): Promise<Outcome> {
  await reconcileIfReached(engine, signal);
  let operation = await requireOperation(engine.store.read, id);
  for (;;) {
    const by = operation.supersededBy ? await readOperation(engine.store.read, operation.supersededBy) : null;
    // One that waits for a person may wait for days.
    if (by && by.state !== 'running' && !by.supersededBy) return { kind: 'ran', operation, by };
    // Without a renewed lease this process has stopped itself, and nobody goes on with it yet.
    if (!by && operation.owner === engine.processes.self()) throw new ProblemError(leaseLost(operation));
    const gone = (by ?? operation).owner !== null && (await lifeOf(engine, by ?? operation)) === 'gone';
    if (signal.aborted || gone || (!by && operation.state !== 'running')) return { kind: 'ran', operation, by };
    if (by?.supersededBy) operation = by;
    else {
      await engine.store.changes(250, signal);
      await reconcileIfReached(engine, signal);
      operation = await requireOperation(engine.store.read, operation.id);
    }
  }
}

/** Who only follows can do without the record for a moment: what it does not tell, our database does. */
async function reconcileIfReached(engine: Engine, signal: AbortSignal): Promise<void> {
  try {
    await reconcile(engine, signal);
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== 'target.unreachable') throw error;
  }
}

function leaseLost({ id, service }: Operation): Problem {
  return {
    code: 'interrupted',
    what: `operation ${id} was stopped`,
    why: 'its lease could not be renewed in time, so another controller may take it over at any moment',
    touched: 'unknown',
    next: `sofare resume ${id}, or: sofare status ${service}`,
  };
}

function interrupted(operation: Operation): Problem {
  return {
    code: 'interrupted',
    what: `operation ${operation.id} was stopped`,
    why: 'the command was interrupted, or its time is over; what was done is journalled',
    touched: 'unknown',
    next: `sofare resume ${operation.id}`,
  };
}
