import { fail } from '../../model/errors.ts';
import type { Service } from '../../model/service.ts';
import type { Traffic, TrafficSignal } from '../../ports/traffic.ts';
import type { HostClient } from '../kit/host-client.ts';

/** The weighted proxy of the local host, and what it counts. */
export function proxyTraffic({ name }: Service, host: HostClient): { readonly traffic: Traffic; readonly signal: TrafficSignal } {
  return {
    traffic: {
      can: { fence: true, alone: true, weights: true, counts: true },
      read: async (signal) => {
        const hosted = await host.service(name, signal);
        if (hosted?.listenProblem) {
          fail({
            code: 'port.in-use',
            what: `${name} cannot be reached`,
            why: hosted.listenProblem,
            touched: 'no',
            next: 'free the address, or choose another in sofare.yaml; then: sofare up',
          });
        }
        return { fence: hosted?.fence ?? 0, weights: hosted?.weights ?? {}, address: hosted?.address ?? null };
      },
      // One seed for the service: a request id keeps its version as far as the shares allow.
      write: (weights, key, fence, signal) => host.setWeights(name, { fence, key, weights, seed: name }, signal),
    },
    signal: {
      query: async (signal) =>
        (await host.counters(name, signal)) ?? {
          at: Date.now(),
          epoch: 0,
          arms: {},
          labels: { scored: 0, unknown: 0, duplicate: 0, late: 0, malformed: 0 },
          refused: 0,
        },
      online: async (signal) =>
        host.hello(signal).then(
          () => true,
          () => false,
        ),
    },
  };
}
