import { fail } from '../model/errors.ts';
import type { Decision } from '../model/evidence.ts';
import type { Operation, Trigger } from '../model/operation.ts';
import type { Plan } from '../model/plan.ts';
import { begin } from '../execute/begin.ts';
import type { Engine } from '../execute/engine.ts';
import { foretell } from '../execute/foretell.ts';
import { requireOurs } from '../execute/lane.ts';
import { run } from '../execute/run.ts';
import { urgent } from '../execute/urgent.ts';
import { planMove, readyCopies } from '../plan/move.ts';
import { carryOut } from './carry-out.ts';
import { expectedTime } from './expected-time.ts';
import { fenceSeen } from './observe.ts';
import type { Outcome } from './outcome.ts';
import { readyToChange } from './reconcile.ts';
import { assertExpected, type Request } from './request.ts';
import type { Situation } from './situation.ts';

/** Takes an open deploy back to the version that served before it, by hand: sets neither hold nor quarantine. */
export async function abort(given: Engine, request: Request): Promise<Outcome> {
  const engine = urgent(given, 'back');
  const situation = await readyToChange(engine, request.signal);
  const { lane } = situation;
  assertExpected(request, lane?.plan.to ?? situation.serving);
  if (!lane || (lane.kind !== 'deploy' && lane.kind !== 'promote')) {
    if (!lane) return { kind: 'nothing', why: 'no deploy is open, so there is nothing to abort', operation: null };
    if (lane.kind === 'abort' || lane.kind === 'rollback') {
      return { kind: 'nothing', why: `operation ${lane.id} is already taking ${lane.plan.from} back`, operation: null };
    }
  }
  const plan = await abortPlan(engine, situation, lane, `${lane.plan.from ?? 'nothing'} served before this deploy began`);
  if (!(await request.consent(plan))) return { kind: 'planned', plan };
  await foretell(engine, request.signal);
  const operation = await begin(engine, {
    plan,
    actor: request.actor,
    reason: request.reason,
    trigger: { kind: 'person', command: request.command },
    preempts: lane.id,
    quarantine: null,
    incident: false,
    fenceSeen: fenceSeen(situation.observation),
  });
  return carryOut(engine, operation, request);
}

/** A guard's verdict: back to the stable version at once, with hold, quarantine and incident. One whose deploy was pushed aside is over. */
export async function abortByGuard(given: Engine, deploy: Operation, decision: Decision, request: Request): Promise<Operation> {
  const engine = urgent(given, 'back');
  const situation = await readyToChange(engine, request.signal);
  await requireOurs(engine, deploy);
  const plan = await abortPlan(engine, situation, deploy, decision.because);
  const trigger: Trigger = { kind: 'guard', operation: deploy.id, decision };
  await foretell(engine, request.signal);
  const operation = await begin(engine, {
    plan,
    actor: 'guard',
    reason: decision.because,
    trigger,
    preempts: deploy.id,
    quarantine: { evidence: decision.because },
    incident: true,
    fenceSeen: fenceSeen(situation.observation),
  });
  return run(engine, operation, { signal: request.signal, replan: async () => null });
}

async function abortPlan(engine: Engine, situation: Situation, deploy: Operation, why: string): Promise<Plan> {
  const stable = deploy.plan.from;
  if (stable === null) {
    fail({
      code: 'rollback.no-way-back',
      what: `${deploy.plan.to} is the first version of ${engine.service.name}`,
      why: 'nothing served before it, so an abort would leave nothing serving',
      touched: 'no',
      next: `sofare logs ${engine.service.name}`,
    });
  }
  return planMove({
    service: engine.service,
    kind: 'abort',
    observation: situation.observation,
    preempts: deploy,
    from: deploy.plan.to,
    to: stable,
    why,
    shares: [100],
    every: 0,
    guarded: false,
    notes: [],
    targetNamed: true,
    supervised: engine.supervised,
    breaking: situation.versions.get(deploy.plan.to)?.breakingChanges ?? [],
    expected: await expectedTime(engine, readyCopies(situation.observation, stable) > 0),
    ...(deploy.plan.policy ? { keepLeft: deploy.plan.policy.keptAfterAbort } : {}),
  });
}
