import { type ArmCounters, type CountersReading, latencyBuckets } from '../model/hosting.ts';

/** At most the upper edge of its bucket, in milliseconds; beyond the last edge it is more than that. */
export interface Percentile {
  readonly edge: number;
  readonly beyond: boolean;
}

/** What one version answered. */
export interface VersionSignals {
  readonly version: string;
  readonly requests: number;
  /** Answered with a 5xx. */
  readonly errors: number;
  readonly unanswered: number;
  /** Errors and unanswered of all requests, as a fraction. Null without requests. */
  readonly badRate: number | null;
  /** The 95th percentile of the time to answer. Null without answers. */
  readonly p95: Percentile | null;
  /** The bad rate of each interval between readings, oldest first; null where nothing was asked. */
  readonly badRates: readonly (number | null)[];
}

/**
 * Per version, between the first and the last reading; with one reading, since the service was first served. Readings are
 * cumulative, oldest first. A count that fell began anew and is taken as it is.
 */
export function signalsOf(readings: readonly CountersReading[]): readonly VersionSignals[] {
  const last = readings.at(-1);
  if (!last) return [];
  const first = readings.length > 1 ? readings[0] : undefined;
  return Object.entries(last.arms).map(([version, arm]) => {
    const earlier = first?.arms[version];
    const requests = grown(earlier?.requests, arm.requests);
    const errors = grown(earlier?.errors, arm.errors);
    const unanswered = grown(earlier?.unanswered, arm.unanswered);
    return {
      version,
      requests,
      errors,
      unanswered,
      badRate: badRate(earlier, arm),
      p95: percentile(
        0.95,
        arm.latency.map((count, index) => grown(earlier?.latency[index], count)),
      ),
      badRates: readings.slice(1).map((reading, index) => badRate(readings[index]?.arms[version], reading.arms[version])),
    };
  });
}

function grown(before: number | undefined, now: number): number {
  return before === undefined || now < before ? now : now - before;
}

function badRate(before: ArmCounters | undefined, now: ArmCounters | undefined): number | null {
  if (!now) return null;
  const requests = grown(before?.requests, now.requests);
  return requests === 0 ? null : (grown(before?.errors, now.errors) + grown(before?.unanswered, now.unanswered)) / requests;
}

/** Nearest rank over counts in the latency buckets: the upper edge of the bucket with the answer of that rank. */
function percentile(fraction: number, counts: readonly number[]): Percentile | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const rank = Math.ceil(fraction * total);
  let seen = 0;
  for (const [index, count] of counts.entries()) {
    seen += count;
    const edge = latencyBuckets[index];
    if (seen >= rank && edge !== undefined) return { edge, beyond: false };
  }
  return { edge: latencyBuckets.at(-1) ?? 0, beyond: true };
}
