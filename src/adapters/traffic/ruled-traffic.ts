import type { Clock } from '../../ports/clock.ts';
import type { Traffic } from '../../ports/traffic.ts';
import type { ClusterClient } from '../kit/kubernetes/cluster-client.ts';
import type { KubernetesObject } from '../kit/kubernetes/kubernetes-object.ts';
import type { ObjectKind } from '../kit/kubernetes/object-kinds.ts';
import { writersOf } from '../kit/kubernetes/writers.ts';
import { type MarkedWrite, marksOf, requireTurn, sameObject, sharedFence, sharedMarks } from './marked-object.ts';
import type { RoutedRule } from './routed-rule.ts';
import { type NewDestination, patchRules } from './rule-patch.ts';
import { weightsOf } from './rule-weights.ts';
import { changedMeanwhile, requireReady, requireShares } from './traffic-problems.ts';
import { wholeWeights } from './whole-weights.ts';

/** A shared object with rules, as it was read, and the versions that its destinations lead to. */
export interface RuledObject {
  readonly object: KubernetesObject;
  readonly rules: readonly RoutedRule[];
  readonly isReady: (version: string) => boolean;
  readonly destinationFor: (version: string, rule: RoutedRule) => NewDestination;
  /** Before a rule leads to versions: what must exist for that. */
  readonly prepare?: (versions: readonly string[], write: MarkedWrite, signal: AbortSignal) => Promise<void>;
}

export interface RuledTraffic {
  readonly service: string;
  readonly kind: ObjectKind;
  readonly name: string;
  readonly address: string | null;
  readonly cluster: ClusterClient;
  readonly clock: Clock;
  look(signal: AbortSignal): Promise<RuledObject>;
}

/** A write is made for what was read last, so that whatever changes after a look makes the write fail; an older look is not written from. */
const lookIsGoodFor = 500;

/** Traffic by the weights in the rules of an object that others write too: one patch of the whole object, or nothing. */
export function ruledTraffic(ruled: RuledTraffic): Traffic {
  const { service, kind, name, cluster, clock } = ruled;
  let last: { readonly seen: RuledObject; readonly at: number } | null = null;
  const look = async (signal: AbortSignal): Promise<RuledObject> => {
    const seen = await ruled.look(signal);
    last = { seen, at: clock.monotonic() };
    return seen;
  };
  const looked = async (signal: AbortSignal): Promise<RuledObject> =>
    last !== null && clock.monotonic() - last.at < lookIsGoodFor ? last.seen : look(signal);
  return {
    can: { fence: true, alone: false, weights: true, counts: false },
    read: async (signal) => {
      const { object, rules } = await look(signal);
      const { weights, besides } = weightsOf(rules);
      return { fence: sharedFence(object, service), weights, address: ruled.address, besides, writers: writersOf(object) };
    },
    write: async (weights, key, fence, signal) => {
      requireShares(service, weights);
      const seen = await looked(signal);
      last = null;
      const write = { service, fence, key };
      requireTurn(seen.object, write);
      requireReady(service, weights, seen.isReady);
      const whole = wholeWeights(weights);
      await seen.prepare?.(Object.keys(whole), write, signal);
      const { annotations } = seen.object.metadata;
      const { operations, added } = patchRules(seen.rules, {
        weights: whole,
        destinationFor: seen.destinationFor,
        isReady: seen.isReady,
        added: annotations?.[sharedMarks(service).destinations]?.split(' ') ?? [],
      });
      const patch = [...sameObject(seen.object, service), ...operations, ...marksOf(seen.object, write, added)];
      if ((await cluster.patch(kind, name, patch, signal)) === 'changed') changedMeanwhile(kind.kind, name);
    },
  };
}
