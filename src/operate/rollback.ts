import { fail, type Problem, ProblemError } from '../model/errors.ts';
import type { Operation, Trigger } from '../model/operation.ts';
import type { Plan } from '../model/plan.ts';
import { advertise } from '../execute/advertise.ts';
import { begin } from '../execute/begin.ts';
import type { Engine } from '../execute/engine.ts';
import { foretell } from '../execute/foretell.ts';
import { isFenced, laneTaken } from '../execute/lane.ts';
import { lifeOf } from '../execute/lease.ts';
import { readOperation, requireOperation } from '../execute/read.ts';
import { urgent } from '../execute/urgent.ts';
import { carryOut } from './carry-out.ts';
import { join } from './join.ts';
import { fenceSeen } from './observe.ts';
import type { Outcome } from './outcome.ts';
import { readyToChange, reconcile } from './reconcile.ts';
import { assertExpected, type Request } from './request.ts';
import { type RollbackWanted, rollbackPlan } from './rollback-plan.ts';
import type { Situation } from './situation.ts';

export interface RollbackRequest extends Request, RollbackWanted {
  readonly emergency: boolean;
  /** The rollback that may be pushed aside (`--supersede`), or null. */
  readonly supersede: string | null;
  /** Begun here and carried out by the supervisor. */
  readonly detach: boolean;
  /** Applies only to a world with this fingerprint, or null: any. */
  readonly fingerprint: string | null;
  /** A guard's or bake's sentence, for the quarantine; null when a person asks. */
  readonly evidence: string | null;
}

const looks = 5;

/** Takes production back. Pressed ten times, from two terminals: one step back. */
export async function rollback(given: Engine, request: RollbackRequest): Promise<Outcome> {
  const engine = urgent(given, request.emergency ? 'emergency' : 'back');
  for (let look = 1; ; look += 1) {
    try {
      return await rollBackOnce(engine, request);
    } catch (error) {
      // Somebody moved between our look and our claim. Looking again shows what they did: most often it is this very rollback.
      const raced = error instanceof ProblemError && (error.problem.code === 'plan.stale' || error.problem.code === 'lane.taken');
      if (!raced || request.fingerprint !== null || look >= looks) throw error;
    }
  }
}

async function rollBackOnce(engine: Engine, request: RollbackRequest): Promise<Outcome> {
  const situation = await readyToChange(engine, request.signal);
  const { lane } = situation;
  const from = leaving(engine, situation, request);
  assertExpected(request, from);
  const standing = await standingRollback(engine, situation, request);
  if (standing) return standing;
  const plan = await rollbackPlan(engine, situation, request, from, []);
  if (plan === null)
    return { kind: 'nothing', why: `${request.to} already has 100 % of ${engine.service.name}`, operation: null };
  assertFingerprint(request, plan);
  if (request.detach && !engine.supervised) fail(nobodyToGoOn(plan));
  if (!(await request.consent(plan))) return { kind: 'planned', plan };
  const trigger: Trigger = request.person
    ? { kind: 'person', command: request.command }
    : { kind: 'bake', because: request.evidence ?? request.reason };
  await foretell(engine, request.signal);
  const operation = await begin(engine, {
    plan,
    actor: request.actor,
    reason: request.reason,
    trigger,
    preempts: lane?.id ?? null,
    quarantine: { evidence: request.evidence },
    incident: true,
    fenceSeen: fenceSeen(situation.observation),
  });
  await take(engine, operation, request.signal);
  return request.detach ? { kind: 'ran', operation, by: null } : carryOut(engine, operation, request);
}

/** Takes the record. Whoever was quicker there has the service: then nothing of ours moved, and what they do is looked at. */
async function take(engine: Engine, operation: Operation, signal: AbortSignal): Promise<void> {
  try {
    await advertise(engine, operation, signal);
  } catch (error) {
    if (!isFenced(error)) throw error;
    await reconcile(engine, signal);
    const parked = await requireOperation(engine.store.read, operation.id);
    const by = parked.supersededBy ? await readOperation(engine.store.read, parked.supersededBy) : null;
    if (by) laneTaken(by, await lifeOf(engine, by));
    // Another process goes on with this very operation: whoever carries it out finds that, and follows.
    if (parked.owner === engine.processes.self()) throw error;
  }
}

/** The version being left: an open deploy's new one; of an open rollback, what that leaves; else what has 100 %. */
function leaving(engine: Engine, { lane, serving, observation }: Situation, request: Request): string {
  if (lane) return lane.kind === 'deploy' || lane.kind === 'promote' ? lane.plan.to : (lane.plan.from ?? lane.plan.to);
  const from = serving ?? observation.pointer;
  if (from !== null) return from;
  return fail({
    code: 'rollback.no-way-back',
    what: `no version of ${engine.service.name} is in production`,
    why: 'nothing was ever deployed, so there is nothing to take back',
    touched: 'no',
    next: request.command.includes('--model') ? 'sofare list' : `sofare deploy ${engine.service.name}@VERSION`,
  });
}

/** Rule 2: a rollback that has not ended is joined, never doubled; one that ended, still holds and still has 100 %, stands. */
async function standingRollback(engine: Engine, situation: Situation, request: RollbackRequest): Promise<Outcome | null> {
  const { lane, hold, serving } = situation;
  if (lane && (lane.kind === 'rollback' || lane.kind === 'abort')) {
    const other = request.to !== null && request.to !== lane.plan.to;
    if (request.emergency || request.supersede === lane.id) return null;
    if (other) {
      fail({
        code: 'lane.taken',
        what: `operation ${lane.id} is taking ${lane.plan.from} back to ${lane.plan.to}`,
        why: `--to ${request.to} is another version, and a rollback is pushed aside only when it is named`,
        touched: 'no',
        next: `sofare rollback ${lane.service} --to ${request.to} --supersede ${lane.id}`,
      });
    }
    return join(engine, lane, request);
  }
  if (lane || request.to !== null || !hold?.operation) return null;
  const ended = await readOperation(engine.store.read, hold.operation);
  if (ended?.plan.to !== serving) return null;
  return {
    kind: 'nothing',
    why: `operation ${ended.id} took ${ended.plan.from} back to ${ended.plan.to}, which still has 100 %. To go further: sofare rollback ${ended.service} --to VERSION`,
    operation: ended,
  };
}

function assertFingerprint(request: RollbackRequest, plan: Plan): void {
  if (request.fingerprint === null || request.fingerprint === plan.fingerprint) return;
  fail({
    code: 'plan.stale',
    what: `the plan ${request.fingerprint} is stale`,
    why: `weights, digests, pointer, fence or lane changed since; the world is now ${plan.fingerprint}`,
    touched: 'no',
    next: `sofare rollback ${plan.service} --plan`,
  });
}

function nobodyToGoOn(plan: Plan): Problem {
  return {
    code: 'check.refused',
    what: '--detach needs a supervisor',
    why: `the plan is continued by ${plan.continues}`,
    touched: 'no',
    next: `sofare rollback ${plan.service}, without --detach; or: sofare up`,
  };
}
