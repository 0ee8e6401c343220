import { beginLedger, closeInterval, type Closing, type Compared } from '../detect/counters/counter-ledger.ts';
import { versionOf } from '../model/fresh.ts';
import { latencyKind, latencyOf } from '../model/counting.ts';
import type { ArmDelta, Interval } from '../model/evidence.ts';
import { type CountersReading, latencyBuckets } from '../model/hosting.ts';
import type { Weights } from '../model/observation.ts';
import { intervalBetween } from './interval.ts';

/** A reading made use of: the interval that it closed, if it did, and what later ones begin from. */
export interface Consumed {
  readonly interval: Interval | null;
  readonly reading: CountersReading;
  /** Why nothing was closed; null: it was, or nothing new has come yet. */
  readonly why: string | null;
}

export interface Comparison extends Compared {
  readonly id: number;
  readonly weights: Weights;
  /** Between two looks, in ms: what is older than two of them says nothing about now. */
  readonly every: number;
}

/** What later readings are counted from. What it keeps of counters by themselves is only how far they had come. */
export function begunWith(reading: CountersReading, { canary, baseline }: Compared): CountersReading {
  const { samples, ...rest } = reading;
  if (!samples) return reading;
  // Whether its stable version or fresh copies of it are compared with may change with the share.
  const own = samples.filter(({ version }) => version === canary || versionOf(version) === versionOf(baseline));
  return { ...rest, arms: {}, ledger: beginLedger(own, reading.at) };
}

/**
 * The interval from what is consumed to a new reading. Plain data goes in and comes out, so a reading that is replayed after a crash closes
 * what it would have closed, and nothing twice. Counters of another source than before begin anew.
 */
export function nextInterval(before: CountersReading, after: CountersReading, comparison: Comparison): Consumed {
  const { id, canary, baseline, weights, every } = comparison;
  const { ledger } = before;
  if ((ledger === undefined) !== (after.samples === undefined))
    return { interval: null, reading: begunWith(after, comparison), why: 'the counters come from elsewhere than before' };
  if (!ledger || !after.samples)
    return { interval: intervalBetween(id, before, after, canary, baseline, weights), reading: after, why: null };
  const next = closeInterval(ledger, after.samples, after.at, { compared: { canary, baseline }, staleAfter: 2 * every });
  if (next.closing.kind === 'open') return { interval: null, reading: before, why: missing(next.closing, comparison) };
  const { from, to, arms } = next.closing;
  const { samples: _, ...rest } = after;
  return {
    interval: { id, from, to, canary: deltaOf(arms.canary), baseline: deltaOf(arms.baseline) },
    reading: { ...rest, arms: {}, ledger: next.ledger },
    why: null,
  };
}

/**
 * Edges at which slow may begin: those that the source counts by. Between two of them nothing is known, so that an answer a little over the
 * lower one would count as slow.
 */
export function edgesOf({ samples }: CountersReading): readonly number[] {
  if (!samples) return latencyBuckets;
  const known = new Set(samples.map(({ kind }) => kind));
  return latencyBuckets.map((edge, bucket) => (known.has(latencyKind(bucket)) ? edge : Number.NaN));
}

function deltaOf(counts: Readonly<Record<string, number>>): ArmDelta {
  const of = (kind: string): number => counts[kind] ?? 0;
  return {
    requests: of('requests'),
    errors: of('errors'),
    unanswered: of('unanswered'),
    latency: latencyOf(counts),
    right: of('right'),
    wrong: of('wrong'),
  };
}

function missing({ why, arm }: Extract<Closing, { kind: 'open' }>, comparison: Comparison): string | null {
  const version = arm === null ? '' : comparison[arm];
  switch (why) {
    case 'empty':
      return `there are no counters of ${comparison.canary} and ${comparison.baseline}`;
    case 'one side missing':
      return `there are no counters of ${version}`;
    case 'nothing new':
      return null;
    case 'stale':
      return `the counters of ${version} are older than ${(2 * comparison.every) / 1_000}s`;
    case 'not a number':
      return `a counter of ${version} is no number`;
  }
}
