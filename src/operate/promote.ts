import { fail } from '../model/errors.ts';
import type { Decision } from '../model/evidence.ts';
import type { Operation, Trigger } from '../model/operation.ts';
import type { Plan } from '../model/plan.ts';
import { passChecks } from '../decide/checks.ts';
import { begin } from '../execute/begin.ts';
import type { Engine } from '../execute/engine.ts';
import { foretell } from '../execute/foretell.ts';
import { requireOurs } from '../execute/lane.ts';
import { lifeOf } from '../execute/lease.ts';
import { run } from '../execute/run.ts';
import { planMove } from '../plan/move.ts';
import { carryOut } from './carry-out.ts';
import { endHold } from './end-hold.ts';
import { fenceSeen } from './observe.ts';
import type { Outcome } from './outcome.ts';
import { readyToChange } from './reconcile.ts';
import { assertExpected, type Request } from './request.ts';
import { promoteStep, waitsInPolicy } from './promote-step.ts';
import type { Situation } from './situation.ts';
import { deployChecks } from './version-checks.ts';

export interface PromoteRequest extends Request {
  /** All traffic at once, whatever steps a policy has left. */
  readonly full?: boolean;
}

/**
 * Gives the version of the open deploy all traffic; one that waits in the middle of a policy goes on with its next step. A promote that
 * a hold has stopped, or that was left, is done anew.
 */
export async function promote(engine: Engine, request: PromoteRequest): Promise<Outcome> {
  const situation = await readyToChange(engine, request.signal);
  const { lane } = situation;
  assertExpected(request, lane?.plan.from ?? situation.serving);
  if (!lane) return { kind: 'nothing', why: 'no deploy is open, so there is nothing to promote', operation: null };
  const life = await lifeOf(engine, lane);
  if (lane.kind !== 'deploy' && (lane.kind !== 'promote' || life !== 'gone')) {
    fail({
      code: 'lane.taken',
      what: `operation ${lane.id} is a ${lane.kind}`,
      why: 'only an open deploy can be promoted',
      touched: 'no',
      next: `sofare status ${lane.service}`,
    });
  }
  // Who only waits for a person is not undecided: what it measures meanwhile is taken over with it.
  const watched = !waitsInPolicy(lane) && life !== 'gone';
  const notes = passChecks(
    [
      ...(watched
        ? [
            {
              name: 'guard' as const,
              what: `a guard is watching ${lane.plan.to} and has not decided`,
              why: `operation ${lane.id} runs it`,
              next: `sofare status ${lane.service} -w`,
            },
          ]
        : []),
      ...deployChecks(engine, situation, lane.plan.to),
    ],
    request.overrides,
  );
  if (!request.full && waitsInPolicy(lane)) return promoteStep(engine, situation, lane, request);
  const plan = promotePlan(engine, situation, lane, `${lane.plan.to} is promoted by ${request.actor}`, notes);
  if (!(await request.consent(plan))) return { kind: 'planned', plan };
  if (situation.hold) await endHold(engine, request);
  await foretell(engine, request.signal);
  const operation = await begin(engine, {
    ...beginning(plan, situation, lane, { kind: 'person', command: request.command }),
    actor: request.actor,
    reason: request.reason,
  });
  return carryOut(engine, operation, request);
}

/** A guard's verdict that the version is healthy at its last share. A hold set meanwhile keeps it where it stands. */
export async function promoteByGuard(
  engine: Engine,
  deploy: Operation,
  decision: Decision,
  request: Request,
): Promise<Operation> {
  const situation = await readyToChange(engine, request.signal);
  await requireOurs(engine, deploy);
  passChecks(deployChecks(engine, situation, deploy.plan.to), request.overrides);
  const plan = promotePlan(engine, situation, deploy, decision.because, []);
  const trigger: Trigger = { kind: 'guard', operation: deploy.id, decision };
  await foretell(engine, request.signal);
  const operation = await begin(engine, {
    ...beginning(plan, situation, deploy, trigger),
    actor: 'guard',
    reason: decision.because,
  });
  return run(engine, operation, { signal: request.signal, replan: async () => null });
}

function beginning(plan: Plan, situation: Situation, deploy: Operation, trigger: Trigger) {
  return { plan, trigger, preempts: deploy.id, quarantine: null, incident: false, fenceSeen: fenceSeen(situation.observation) };
}

function promotePlan(engine: Engine, situation: Situation, deploy: Operation, why: string, notes: readonly string[]): Plan {
  return planMove({
    service: engine.service,
    kind: 'promote',
    observation: situation.observation,
    preempts: deploy,
    from: deploy.plan.from,
    to: deploy.plan.to,
    why,
    shares: [100],
    every: 0,
    guarded: false,
    notes,
    targetNamed: true,
    supervised: engine.supervised,
    breaking: [],
    expected: null,
  });
}
