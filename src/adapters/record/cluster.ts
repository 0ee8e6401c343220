import { ProblemError } from '../../model/errors.ts';
import { type ServiceRecord, understood } from '../../model/service-record.ts';
import type { RecordStore } from '../../ports/record.ts';
import type { ClusterClient } from '../kit/kubernetes/cluster-client.ts';
import { marks, requireFence } from '../kit/kubernetes/fence.ts';
import type { KubernetesObject } from '../kit/kubernetes/kubernetes-object.ts';
import { objectKinds } from '../kit/kubernetes/object-kinds.ts';

/** How often a write is tried for which the server does not say what came of it. */
const attempts = 5;

/** The record of a service in a ConfigMap of its namespace, written by compare-and-swap on the version of the object. */
export function clusterRecord(service: string, cluster: ClusterClient): RecordStore {
  const name = `sofare-${service}`;
  const look = (signal: AbortSignal): Promise<KubernetesObject | null> => cluster.get(objectKinds.configMap, name, signal);
  return {
    read: async (signal) => {
      const seen = await look(signal);
      return understood({ revision: revisionOf(seen), value: recordIn(seen) });
    },
    swap: async (expected, value, signal) => {
      for (let attempt = 1; ; attempt += 1) {
        const seen = await look(signal);
        // What an earlier try of ours wrote, whose answer was lost, is there.
        if (attempt > 1 && revisionOf(seen) === expected + 1 && seen?.['data'] && textOf(seen) === JSON.stringify(value))
          return true;
        requireFence(service, seen, value.fence);
        if (revisionOf(seen) !== expected) return false;
        const wanted = recordObject(name, service, expected + 1, value, seen);
        try {
          const written = seen ? await cluster.replace(wanted, signal) : await cluster.create(wanted, signal);
          if (typeof written === 'object') return true;
        } catch (error) {
          // Both tries are for the same version of the object, so at most one of them takes effect.
          const lost = error instanceof ProblemError && error.problem.code === 'outcome.unknown';
          if (!lost || attempt >= attempts) throw error;
        }
      }
    },
  };
}

function recordObject(
  name: string,
  service: string,
  revision: number,
  value: ServiceRecord,
  seen: KubernetesObject | null,
): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      ...seen?.metadata,
      name,
      labels: { ...seen?.metadata.labels, [marks.service]: service },
      annotations: { ...seen?.metadata.annotations, [marks.fence]: String(value.fence) },
    },
    data: { record: JSON.stringify(value), revision: String(revision) },
  };
}

function revisionOf(seen: KubernetesObject | null): number {
  const revision = Number(dataOf(seen)['revision'] ?? 0);
  return Number.isSafeInteger(revision) ? revision : 0;
}

function recordIn(seen: KubernetesObject | null): ServiceRecord | null {
  const text = dataOf(seen)['record'];
  return text === undefined ? null : (JSON.parse(text) as ServiceRecord);
}

function textOf(seen: KubernetesObject | null): string | undefined {
  return dataOf(seen)['record'];
}

function dataOf(seen: KubernetesObject | null): Readonly<Record<string, string>> {
  return (seen?.['data'] ?? {}) as Readonly<Record<string, string>>;
}
