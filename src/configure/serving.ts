import { resolve } from 'node:path';
import type { ClusterServing, HostServing, Serving, ServingRules } from '../model/service.ts';
import { usualPath } from './health-schema.ts';
import type { WrittenService } from './schema.ts';
import { signalsOf } from './signals-schema.ts';

/** What does not fit together: the keys below the service, and what is wanted there. */
export interface Misfit {
  readonly keys: readonly string[];
  readonly what: string;
  readonly why: string;
}

type Written<Kind, Part extends 'target' | 'traffic'> = Extract<WrittenService[Part], { kind: Kind }>;

const clusterName = /^[a-z0-9](?:[a-z0-9-]{0,48}[a-z0-9])?$/;

/** Where a service runs, out of what was written of it. */
export function servingOf(name: string, written: WrittenService, directory: string): Serving | Misfit {
  const { target, traffic, cluster } = written;
  if (target.kind === 'process' && traffic.kind === 'proxy' && cluster === undefined)
    return hostServing(name, written, target, traffic, directory);
  if (target.kind === 'deployment' && traffic.kind !== 'proxy') return clusterServing(name, written, target, traffic, directory);
  const [keys, why] =
    target.kind === 'process' && traffic.kind === 'proxy'
      ? [['cluster'], 'processes of this machine are in no cluster']
      : [['traffic', 'kind'], 'process goes with proxy; deployment goes with istio, gateway-api or service-selector'];
  return { keys, what: `${target.kind} and ${keys[0] === 'cluster' ? 'cluster' : traffic.kind} do not go together`, why };
}

function hostServing(
  name: string,
  written: WrittenService,
  target: Written<'process', 'target'>,
  traffic: Written<'proxy', 'traffic'>,
  directory: string,
): HostServing | Misfit {
  const { health, identity } = written;
  if (health.asked && 'ready' in health.asked)
    return { keys: ['health', 'ready'], what: 'ready is what a cluster says of its pods', why: 'here the model itself is asked' };
  return {
    target: { ...target, directory: resolve(directory, target.directory) },
    traffic,
    ...rules(name, written),
    least: identity ? (identity.least ?? 'answered') : 'declared',
    health: health.asked ?? { http: usualPath, within: health.within },
  };
}

function clusterServing(
  name: string,
  written: WrittenService,
  target: Written<'deployment', 'target'>,
  traffic: Exclude<WrittenService['traffic'], { kind: 'proxy' }>,
  directory: string,
): ClusterServing | Misfit {
  const { cluster, health, identity } = written;
  const { address = null } = traffic;
  const misfit = clusterMisfit(name, written, address);
  if (misfit) return misfit;
  const routes = traffic.kind === 'service-selector' ? {} : { routes: traffic.routes ?? null };
  const places = traffic.kind === 'istio' ? { destinationRule: traffic.destinationRule ?? null } : {};
  return {
    cluster: { context: cluster?.context ?? null, namespace: cluster?.namespace ?? null },
    target: { ...target, template: resolve(directory, target.template), container: target.container ?? null },
    traffic: { ...traffic, ...routes, ...places, address } as ClusterServing['traffic'],
    ...rules(name, written),
    least: identity?.least ?? (identity && address !== null ? 'routed' : 'declared'),
    health: health.asked ?? { ready: true, within: health.within },
  };
}

function clusterMisfit(
  name: string,
  { health, identity, signals, labels }: WrittenService,
  address: string | null,
): Misfit | null {
  const { asked } = health;
  if (!clusterName.test(name))
    return {
      keys: [],
      what: `${name} is no name for a service in a cluster`,
      why: 'its objects carry it: at most 50 lower-case letters, digits and dashes, without a dash at either end',
    };
  if (asked && ('http' in asked || 'inference' in asked) && address === null)
    return {
      keys: ['health'],
      what: 'nothing can be asked through the traffic path',
      why: 'traffic.address says where it answers',
    };
  if (identity?.least === 'answered')
    return {
      keys: ['identity', 'least'],
      what: 'answered cannot be reached',
      why: 'pods are not asked one by one; routed is the most',
    };
  if (identity?.least === 'routed' && address === null)
    return { keys: ['identity', 'least'], what: 'routed cannot be reached', why: 'traffic.address says where to ask' };
  if (labels)
    return {
      keys: ['labels'],
      what: 'labels are not joined here',
      why: 'the local host joins them, and it serves nothing of this',
    };
  if (signals.errors || signals.latency)
    return { keys: ['signals'], what: 'no proxy of sofare counts here', why: 'signals: { prometheus } says who does' };
  if (signals.prometheus && signals.prometheus.requests === undefined)
    return {
      keys: ['signals', 'prometheus'],
      what: 'requests and errors are missing',
      why: 'the usual ones are those of the local host',
    };
  return null;
}

function rules(name: string, { identity, golden, signals, labels }: WrittenService): Omit<ServingRules, 'least' | 'health'> {
  return {
    identity: identity ? { http: identity.http, json: identity.json } : null,
    ...(golden.length > 0 ? { golden } : {}),
    signals: signalsOf(signals, name),
    labels: labels ?? null,
  };
}
