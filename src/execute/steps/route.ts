import { byVersion } from '../../model/fresh.ts';
import { activeWriters, type Weights } from '../../model/observation.ts';
import type { RouteStep } from '../../model/plan.ts';
import { movePointer } from '../../registry/pointer.ts';
import { changeShares, readShares } from '../../registry/shares.ts';
import type { EffectPerformer, StepContext } from '../performer.ts';
import { readOperation } from '../read.ts';
import { worldOf } from '../world.ts';

/** A GitOps controller that heals by itself does so in seconds; one that comes by later is found by whoever looks then. */
const othersAnswerWithin = 5_000;

/** Traffic has the wanted weights. The share goes into the history, and with `point` the pointer moves, in the transaction that ends the step. */
export const routeStep: EffectPerformer<RouteStep> = {
  does: 'effect',
  within: () => 30_000,
  wanted: (step) => step.weights,
  observe: async (step, context) => {
    const { traffic } = worldOf(context.engine);
    const { can } = traffic;
    const observation = await traffic.read(context.signal);
    const { weights, besides = [] } = observation;
    const is = await judge(weights, step, context, can.fence && can.alone);
    return {
      value: weights,
      is: is === 'wanted' && besides.length > 0 ? 'own' : is,
      undoes: is !== 'wanted' && !can.alone,
      standsFor: activeWriters(observation).length > 0 ? othersAnswerWithin : 0,
      by: (observation.writers ?? []).map(({ called }) => called),
      failed: null,
    };
  },
  apply: async (step, { engine, operation, key, fence, signal }) => {
    const { traffic, owner } = worldOf(engine);
    if (owner && operation.kind === 'rollback') await owner.quiet(signal);
    await traffic.write(step.weights, key, fence, signal);
  },
  settle: (_step, { engine, signal }, atMost) => engine.clock.wait(Math.min(atMost, 100), signal),
  gather: async (step, { engine, signal }) => {
    const reading = await worldOf(engine)
      .signal.query(signal)
      .catch(() => null);
    const counters = Object.fromEntries(Object.entries(reading?.arms ?? {}).map(([version, arm]) => [version, arm.requests]));
    return reading ? { weights: step.weights, counters } : { weights: step.weights };
  },
  finish: async (transaction, at, step, { operation }, result) => {
    const { actor, reason, id, service } = operation;
    await changeShares(transaction, {
      service,
      at,
      weights: byVersion(step.weights),
      requests: result.counters ?? {},
      operation: id,
      actor,
      reason,
    });
    if (step.point === null) return;
    await movePointer(transaction, { service, version: step.point, at, operation: id, actor, reason, source: 'witnessed' });
  },
};

/**
 * Where the traffic path checks our fence and nobody else writes it, every value under it was written by an operation before this one, so
 * it is ours to change. Otherwise only what the plan expected, a step of it wrote, or the registry and the operation that was pushed aside knew of, is
 * ours: a reading that lags may have shown the plan an older value.
 */
async function judge(
  weights: Weights,
  step: RouteStep,
  { operation, engine }: StepContext,
  ours: boolean,
): Promise<'wanted' | 'own' | 'foreign'> {
  if (sameWeights(weights, step.weights)) return 'wanted';
  if (ours) return 'own';
  const { planned } = operation.plan;
  const before = planned.operation === null ? null : await readOperation(engine.store.read, planned.operation);
  if (sameWeights(byVersion(weights), await readShares(engine.store.read, operation.service))) return 'own';
  const known = [
    planned.weights,
    ...[...operation.plan.steps, ...(before?.plan.steps ?? [])].flatMap((each) => (each.kind === 'route' ? [each.weights] : [])),
  ];
  return known.some((expected) => sameWeights(weights, expected)) ? 'own' : 'foreign';
}

/** The finest share that every router can be given, in percent: what differs by less is the same. */
const finest = 0.0001;

export function sameWeights(one: Weights, other: Weights): boolean {
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every(
    (version) => Math.abs((one[version] ?? 0) - (other[version] ?? 0)) < finest,
  );
}
