import { beginGuard, absorb } from '../../src/decide/guard-state.ts';
import { judge } from '../../src/decide/guard.ts';
import { twoProportionsZ } from '../../src/detect/fixed-sample/two-proportions.ts';
import { dispersionOf } from '../../src/detect/sequential/dispersion.ts';
import { extendRatio, ratioLogE, wideGrid } from '../../src/detect/sequential/ratio-e-process.ts';
import type { ArmDelta, GuardPolicy } from '../../src/model/evidence.ts';
import { Chance } from './chance.ts';
import { drawMinute, type Minute, type Scenario } from './traffic.ts';

/** A rule that looks after each minute, and says whether it takes the canary back now. A new one for each run. */
export type Watch = (minute: Minute, index: number) => boolean;

export interface Judge {
  readonly name: string;
  readonly begin: () => Watch;
}

export const alpha = 0.01;

/** The ratio e-process alone with all of alpha. */
export function eProcess(tolerate: number, dispersion = 1): Judge {
  return {
    name: `e-process r0=${tolerate}${dispersion === 1 ? '' : ` /${dispersion}`}`,
    begin: () => {
      let state: readonly number[] = [];
      const spread = ({ bad, of }: Minute['canary']): Minute['canary'] => ({ bad: bad / dispersion, of: of / dispersion });
      return ({ canary, baseline }) => {
        const counts = dispersion === 1 ? { canary, baseline } : { canary: spread(canary), baseline: spread(baseline) };
        state = extendRatio(state, counts, tolerate, wideGrid);
        return ratioLogE(state) >= Math.log(1 / alpha);
      };
    },
  };
}

/** The same over the dispersion that the stable version showed in a day before, another day in each run. */
export function overEstimated(scenario: Scenario): Judge {
  const chance = new Chance(2_003);
  return {
    name: 'e-process r0=1 /est.',
    begin: () => {
      const day = Array.from({ length: 1_440 }, (_, minute) => drawMinute(chance, { ...scenario, share: () => 0 }, minute));
      return eProcess(1, dispersionOf(day.map(({ baseline }) => baseline.bad)) ?? 1).begin();
    },
  };
}

const policy: GuardPolicy = {
  alpha,
  tolerate: 1.25,
  deadline: Number.POSITIVE_INFINITY,
  onUndecided: 'pause',
  detect: 5,
  smallestRate: 0.01,
  warmup: 0,
  interval: 60_000,
};

/** The guard as it stands: errors with their part of alpha, the guards of small numbers, and pauses that are none. */
export const wholeGuard: Judge = {
  name: 'sofare guard',
  begin: () => {
    let state = beginGuard({ 'latency-p50': null, 'latency-p90': null, 'latency-p99': null });
    const arm = ({ bad, of }: Minute['canary']): ArmDelta => ({
      requests: of,
      errors: bad,
      unanswered: 0,
      latency: [],
      right: 0,
      wrong: 0,
    });
    return ({ canary, baseline }, index) => {
      const to = (index + 1) * policy.interval;
      state = absorb(
        state,
        { id: index + 1, from: to - policy.interval, to, canary: arm(canary), baseline: arm(baseline) },
        policy,
      );
      const situation = {
        now: to,
        startedAt: 0,
        stageEndsAt: Number.POSITIVE_INFINITY,
        failed: null,
        version: 'new',
        stable: 'old',
      };
      return judge(state, policy, situation).action === 'roll back';
    };
  },
};

/** The specification's analysis: a success rate of at least 0.99 each minute, over a window of so many, and a fourth failure ends it. */
export function argo(window: number): Judge {
  return {
    name: `Argo ${window}m window`,
    begin: () => {
      const seen: Minute['canary'][] = [];
      let failures = 0;
      return ({ canary }) => {
        seen.push(canary);
        const last = seen.slice(-window);
        const of = last.reduce((sum, each) => sum + each.of, 0);
        const bad = last.reduce((sum, each) => sum + each.bad, 0);
        if (of > 0 && 1 - bad / of < 0.99) failures += 1;
        return failures > 3;
      };
    },
  };
}

/** What is often done by hand: a z test of all counts so far, p under 0.05, after every minute. */
export const peekingZ: Judge = {
  name: 'z test each minute',
  begin: () => {
    const sum = { canary: { bad: 0, of: 0 }, baseline: { bad: 0, of: 0 } };
    return ({ canary, baseline }) => {
      for (const [total, more] of [
        [sum.canary, canary],
        [sum.baseline, baseline],
      ] as const) {
        total.bad += more.bad;
        total.of += more.of;
      }
      if (sum.canary.of === 0 || sum.baseline.of === 0) return false;
      return twoProportionsZ(sum.canary, sum.baseline).p < 0.05;
    };
  },
};

/** z that leaves 1 % above it, for Kayenta's two-sided 98 % interval. */
const z98 = 2.3263478740408408;

/**
 * Kayenta's classifier, as its source has it: every five minutes the series of both versions' rates, one value a minute. High where the lower
 * bound of the Hodges-Lehmann shift is over a quarter of its estimate, and the mean is not lower.
 */
export const mannWhitneyJudge: Judge = {
  name: 'Mann-Whitney 5 min',
  begin: () => {
    const [canaries, baselines]: [number[], number[]] = [[], []];
    return ({ canary, baseline }, index) => {
      if (canary.of > 0) canaries.push(canary.bad / canary.of);
      if (baseline.of > 0) baselines.push(baseline.bad / baseline.of);
      if (index % 5 !== 4 || canaries.length < 2 || baselines.length < 2) return false;
      const [n, m] = [canaries.length, baselines.length];
      const gaps = Float64Array.from(canaries.flatMap((one) => baselines.map((other) => one - other))).sort();
      const spread = Math.sqrt((n * m * (n + m + 1)) / 12);
      const low = gaps[Math.max(0, Math.floor((n * m) / 2 - z98 * spread))] ?? 0;
      const estimate = ((gaps[Math.floor((n * m - 1) / 2)] ?? 0) + (gaps[Math.ceil((n * m - 1) / 2)] ?? 0)) / 2;
      const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
      return low > 0.25 * Math.abs(estimate) && mean(canaries) >= mean(baselines);
    };
  },
};
