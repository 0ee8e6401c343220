import { claim } from '../execute/claim.ts';
import type { Engine } from '../execute/engine.ts';
import { foretell } from '../execute/foretell.ts';
import type { Operation } from '../model/operation.ts';
import { carryOut } from './carry-out.ts';
import { endHold } from './end-hold.ts';
import { claimSeen, fenceSeen } from './observe.ts';
import type { Outcome } from './outcome.ts';
import type { Request } from './request.ts';
import type { Situation } from './situation.ts';

/** Does the deploy wait in the middle of a policy: for a person, measured beside the steps or not, or undecided? */
export function waitsInPolicy({ state, plan, stepsDone }: Operation): boolean {
  const step = plan.steps[stepsDone];
  if (plan.policy === undefined || !step) return false;
  if (step.kind === 'pause' && step.for === null) return state === 'open' || state === 'running';
  return state === 'open' && (step.kind === 'pause' || step.kind === 'analysis');
}

/** As in Argo: the step that it waits at is done, and the policy goes on with the next. */
export async function promoteStep(engine: Engine, situation: Situation, lane: Operation, request: Request): Promise<Outcome> {
  if (!(await request.consent(lane.plan))) return { kind: 'planned', plan: lane.plan };
  if (situation.hold) await endHold(engine, request);
  await foretell(engine, request.signal);
  const { observation } = situation;
  const because = `promoted by ${request.actor}`;
  const claimed = await claim(engine, lane.id, because, fenceSeen(observation), claimSeen(observation), 'anyone');
  const event = { kind: 'step-done', step: claimed.stepsDone, result: { note: because } } as const;
  return carryOut(engine, claimed, request, { name: 'promote.step', event });
}
