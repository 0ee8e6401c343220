import type { ArmDelta, Interval, SplitRest } from '../model/evidence.ts';
import type { ArmCounters, CountersReading } from '../model/hosting.ts';
import { noPairs, type PairCounts } from '../model/pair-counts.ts';
import type { UnitCounts } from '../model/unit-counts.ts';
import type { Weights } from '../model/observation.ts';

/** What both versions did between two readings of the same counters. */
export function intervalBetween(
  id: number,
  before: CountersReading,
  after: CountersReading,
  canary: string,
  baseline: string,
  weights: Weights,
): Interval {
  const [given, beside] = [weights[canary] ?? 0, weights[baseline] ?? 0];
  const seconds = Math.max(0, after.at - before.at) / 1_000;
  const rest = restOf(before, after, [canary, baseline], weights);
  return {
    id,
    from: before.at,
    to: after.at,
    canary: difference(before.arms[canary], after.arms[canary], seconds),
    baseline: difference(before.arms[baseline], after.arms[baseline], seconds),
    ...(given > 0 && beside > 0 ? { share: given / (given + beside) } : {}),
    ...(rest ? { rest } : {}),
  };
}

/** What went to versions that are not compared. Null: none of them has a share, or nobody counts what they are given. */
function restOf(
  before: CountersReading,
  after: CountersReading,
  compared: readonly string[],
  weights: Weights,
): SplitRest | null {
  const others = Object.keys(weights).filter((version) => !compared.includes(version) && (weights[version] ?? 0) > 0);
  const arms = others.map((version) => difference(before.arms[version], after.arms[version], 0));
  const given = arms.map(({ units, sent }) => units?.seen ?? sent);
  if (others.length === 0 || given.includes(undefined)) return null;
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const all = sum(Object.values(weights));
  return { share: sum(others.map((version) => weights[version] ?? 0)) / all, given: sum(given as number[]) };
}

function difference(before: ArmCounters | undefined, after: ArmCounters | undefined, seconds: number): ArmDelta {
  const grown = (pick: (arm: ArmCounters) => number): number => (after ? pick(after) : 0) - (before ? pick(before) : 0);
  return {
    requests: grown((arm) => arm.requests),
    errors: grown((arm) => arm.errors),
    unanswered: grown((arm) => arm.unanswered),
    latency: (after?.latency ?? []).map((count, bucket) => count - (before?.latency[bucket] ?? 0)),
    right: grown((arm) => arm.labels.right),
    wrong: grown((arm) => arm.labels.wrong),
    ...(after?.units === undefined ? {} : { units: unitsBetween(before?.units, after.units) }),
    // The copies at its beginning: how many there are at its end depends on what ended in it.
    ...(after?.ended === undefined || before?.running === undefined
      ? {}
      : { copies: { ended: after.ended - (before.ended ?? 0), seconds: seconds * before.running } }),
    ...(after?.pairs === undefined ? {} : { pairs: pairsBetween(before?.pairs, after.pairs) }),
    ...(after?.sent === undefined ? {} : { sent: grown((arm) => arm.sent ?? 0) }),
  };
}

function unitsBetween(before: UnitCounts | undefined, after: UnitCounts): UnitCounts {
  const { seen, bad, reached, labelled, wrong, pairs } = after;
  return {
    seen: seen - (before?.seen ?? 0),
    bad: bad - (before?.bad ?? 0),
    ...(reached === undefined ? {} : { reached: reached.map((count, bucket) => count - (before?.reached?.[bucket] ?? 0)) }),
    ...(labelled === undefined ? {} : { labelled: labelled - (before?.labelled ?? 0) }),
    ...(wrong === undefined ? {} : { wrong: wrong - (before?.wrong ?? 0) }),
    ...(pairs === undefined ? {} : { pairs: pairsBetween(before?.pairs, pairs) }),
  };
}

function pairsBetween(before: PairCounts = noPairs, after: PairCounts): PairCounts {
  return { of: after.of - before.of, wrong: after.wrong - before.wrong, alone: after.alone - before.alone };
}
