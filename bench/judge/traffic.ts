import type { Chance } from './chance.ts';

/** Counts of both versions in one minute. */
export interface Minute {
  readonly canary: { readonly bad: number; readonly of: number };
  readonly baseline: { readonly bad: number; readonly of: number };
}

export interface Scenario {
  readonly name: string;
  /** Requests a second, of both versions together. */
  readonly perSecond: number;
  /** The canary's share in each minute, 0 to 1. */
  readonly share: (minute: number) => number;
  readonly rate: { readonly canary: number; readonly baseline: number };
  /** Mean number of errors with one cause, all in one minute of one version; 1: each has its own. */
  readonly burst: number;
}

export const minutes = 60;

/** Shares that stay, in percent, and the one that grows: 1, 5, 25, 50 %, a quarter of an hour each. */
export const shares: readonly (readonly [name: string, share: (minute: number) => number])[] = [
  ...[1, 5, 10, 25, 50].map((percent) => [`${percent} %`, () => percent / 100] as const),
  ['staged', (minute) => [0.01, 0.05, 0.25, 0.5][Math.floor(minute / 15)] ?? 0.5],
];

/** One minute, drawn as counts, not request by request. With bursts: causes in both versions by the same rate, each with several errors. */
export function drawMinute(chance: Chance, { perSecond, share, rate, burst }: Scenario, minute: number): Minute {
  const all = perSecond * 60;
  const part = share(minute);
  const arm = (mean: number, bad: number): Minute['canary'] => {
    const of = chance.poisson(mean);
    if (burst === 1) return { bad: chance.binomial(of, bad), of };
    let errors = 0;
    for (let cause = chance.poisson((mean * bad) / burst); cause > 0; cause -= 1) errors += chance.geometric(burst);
    return { bad: Math.min(of, errors), of };
  };
  return { canary: arm(all * part, rate.canary), baseline: arm(all * (1 - part), rate.baseline) };
}

/** The same traffic where users are counted, and a burst is one user's: one bad unit for each cause. */
export function asUnits(chance: Chance, { perSecond, share, rate, burst }: Scenario, minute: number): Minute {
  const all = (perSecond * 60) / burst;
  const part = share(minute);
  const arm = (mean: number, bad: number): Minute['canary'] => {
    const of = chance.poisson(mean);
    return { bad: chance.binomial(of, bad), of };
  };
  return { canary: arm(all * part, rate.canary), baseline: arm(all * (1 - part), rate.baseline) };
}
