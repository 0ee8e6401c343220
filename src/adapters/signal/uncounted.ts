import type { Clock } from '../../ports/clock.ts';
import type { TrafficSignal } from '../../ports/traffic.ts';

/** Of a traffic path that counts nothing: no version has counts, and whoever needs them is told so before anything moves. */
export function uncounted(clock: Clock): TrafficSignal {
  return {
    query: async () => ({
      at: clock.now(),
      epoch: 0,
      arms: {},
      labels: { scored: 0, unknown: 0, duplicate: 0, late: 0, malformed: 0 },
      refused: 0,
    }),
    online: async () => true,
  };
}
