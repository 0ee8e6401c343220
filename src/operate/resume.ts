import { ProblemError } from '../model/errors.ts';
import { hasEnded, type Operation } from '../model/operation.ts';
import { advertise } from '../execute/advertise.ts';
import { advertiseRest } from '../execute/advertise-rest.ts';
import { claim } from '../execute/claim.ts';
import type { Engine } from '../execute/engine.ts';
import { foretell } from '../execute/foretell.ts';
import { sharesInForce } from '../execute/in-force.ts';
import { commitEvents, isFenced, laneTaken } from '../execute/lane.ts';
import { lifeOf } from '../execute/lease.ts';
import { laneHolder, requireOperation } from '../execute/read.ts';
import { scheduleGivenUp } from '../execute/schedule.ts';
import { passChecks } from '../decide/checks.ts';
import { carryOut } from './carry-out.ts';
import { claimSeen, fenceSeen } from './observe.ts';
import type { Outcome } from './outcome.ts';
import { readyToChange } from './reconcile.ts';
import { behindCheck } from './record-checks.ts';
import type { Request } from './request.ts';
import type { Situation } from './situation.ts';
import { deployChecks } from './version-checks.ts';

export interface ResumeRequest extends Request {
  /** Null: the one on the lane. */
  readonly operation: string | null;
  /** Ends the operation where it stands instead of going on. */
  readonly abandon: boolean;
}

/** Goes on with an operation whose owner is gone, or that is stuck. A hold keeps a deploy or promote where it stands. */
export async function resume(engine: Engine, request: ResumeRequest): Promise<Outcome> {
  try {
    return await resumeOnce(engine, request);
  } catch (error) {
    // It ended between our look and our claim, or was pushed aside before it was abandoned: what it ended as is the answer.
    const stale = error instanceof ProblemError && error.problem.code === 'plan.stale';
    if (stale || isFenced(error)) return resumeOnce(engine, request);
    throw error;
  }
}

async function resumeOnce(engine: Engine, request: ResumeRequest): Promise<Outcome> {
  const situation = await readyToChange(engine, request.signal);
  const operation = request.operation
    ? await requireOperation(engine.store.read, request.operation)
    : await laneHolder(engine.store.read, engine.service.name);
  if (!operation) return { kind: 'nothing', why: `no operation of ${engine.service.name} is interrupted`, operation: null };
  if (hasEnded(operation.state)) {
    await advertiseRest(engine, operation, request.signal);
    return { kind: 'nothing', why: `operation ${operation.id} has ended: ${operation.state}`, operation };
  }
  const life = await lifeOf(engine, operation);
  if (life !== 'gone') laneTaken(operation, life);
  if (request.abandon) return abandon(engine, operation, situation, request);
  if (operation.state === 'open' && operation.stepsDone >= operation.plan.steps.length) {
    await advertiseRest(engine, operation, request.signal);
    return {
      kind: 'nothing',
      why: `operation ${operation.id} is an open deploy: it waits for promote, abort, rollback or guard`,
      operation,
    };
  }
  const brings = operation.kind === 'deploy' || operation.kind === 'promote';
  if (brings && operation.decision?.action !== 'roll back')
    passChecks([...behindCheck(situation), ...deployChecks(engine, situation, operation.plan.to)], request.overrides);
  if (!(await request.consent(operation.plan))) return { kind: 'planned', plan: operation.plan };
  const { observation } = situation;
  const because = `resumed by ${request.actor}`;
  await foretell(engine, request.signal);
  const claimed = await claim(engine, operation.id, because, fenceSeen(observation), claimSeen(observation));
  return carryOut(engine, claimed, request);
}

async function abandon(engine: Engine, operation: Operation, { observation }: Situation, request: Request): Promise<Outcome> {
  const { actor, reason } = request;
  await foretell(engine, request.signal);
  const because = `abandoned by ${actor}`;
  const claimed = await claim(engine, operation.id, because, fenceSeen(observation), claimSeen(observation));
  await advertise(engine, claimed, request.signal);
  const shares = await sharesInForce(engine, claimed, request.signal);
  await commitEvents(engine, 'abandon', claimed, [{ kind: 'abandoned', actor, reason }], async (transaction, at) => {
    await shares(transaction, at);
    await scheduleGivenUp(transaction, engine, claimed, at);
  });
  const abandoned = await requireOperation(engine.store.read, operation.id);
  await advertiseRest(engine, abandoned, request.signal);
  return { kind: 'ran', operation: abandoned, by: null };
}
