import { dispersionFrom } from '../detect/sequential/dispersion.ts';
import type { GuardPolicy } from '../model/evidence.ts';
import type { CountersReading } from '../model/hosting.ts';
import type { Serving } from '../model/service.ts';

/** Beyond this an estimate is not believed: one outage of the stable version would leave the guard blind for a week. */
const most = 10;

/**
 * How many errors come at once. As it was set; where nobody set it, as the stable version's own came until now, or as an earlier try of
 * the version or an earlier share of this deploy was judged: what is asked does not change while the answer comes in. 1 where users are
 * counted, each of whom counts once, and where too little is known.
 */
export function dispersionOfStable(
  set: number | null,
  stable: string,
  {
    reading,
    earlier,
    serving,
  }: {
    readonly reading: CountersReading | null;
    readonly earlier: GuardPolicy | null;
    readonly serving: Pick<Serving, 'traffic'> | null;
  },
): Pick<GuardPolicy, 'dispersion' | 'estimated'> {
  if (set !== null) return { dispersion: set };
  if (earlier?.estimated) return { dispersion: earlier.dispersion ?? 1, estimated: true };
  const bursts = reading?.arms[stable]?.bursts;
  const byUser = serving?.traffic.kind === 'proxy' && typeof serving.traffic.unit === 'string';
  const found = bursts && !byUser ? dispersionFrom(bursts) : null;
  return { dispersion: found === null ? 1 : Math.min(most, Math.round(10 * found) / 10), estimated: true };
}
