import { alpha, argo, eProcess, mannWhitneyJudge, overEstimated, peekingZ, wholeGuard } from './judges.ts';
import { allowed, detection, firedPart, simulate } from './simulate.ts';
import { asUnits, type Scenario, shares } from './traffic.ts';

/** One judge in one scenario. */
export interface Row {
  readonly table: 'false rollbacks' | 'bursts' | 'detection';
  readonly scenario: string;
  readonly judge: string;
  readonly runs: number;
  /** Part of the runs in which it took the canary back. */
  readonly fired: number;
  readonly minutes: number | null;
  readonly requests: number | null;
  /** What it must not be over, or must be near; null: shown beside, nothing is promised of it. */
  readonly goal: { readonly text: string; readonly met: boolean } | null;
}

/** How many runs: all for ours and the cheap rules, fewer for what is slow to compute. */
export interface Effort {
  readonly runs: number;
  readonly slow: number;
  readonly detecting: number;
}

const ten = (): number => 0.1;

function scenario(perSecond: number, baseline: number, canary: number, more: Partial<Scenario> = {}): Scenario {
  const text = baseline === canary ? `${percent(baseline)}` : `${percent(baseline)} to ${percent(canary)}`;
  return { name: `${text}, ${perSecond}/s`, perSecond, share: ten, rate: { baseline, canary }, burst: 1, ...more };
}

/** Healthy canaries: each share at each rate of traffic, and at 10 % other rates of errors. */
export function* falseRollbacks({ runs, slow }: Effort): Generator<Row> {
  const byShare = shares.flatMap(([name, share]) =>
    [1, 10, 100].map((perSecond) =>
      scenario(perSecond, 0.01, 0.01, { share, name: `1 % errors, ${name} canary, ${perSecond}/s` }),
    ),
  );
  const byRate = [0.001, 0.005, 0.02].flatMap((rate) =>
    [1, 10, 100].map((perSecond) =>
      scenario(perSecond, rate, rate, { name: `${percent(rate)} errors, 10 % canary, ${perSecond}/s` }),
    ),
  );
  for (const [index, each] of [...byShare, ...byRate].entries()) {
    const fired = simulate({
      scenario: each,
      seed: 1_000 + index,
      judges: [
        { judge: eProcess(1), runs },
        { judge: eProcess(1.25), runs },
        { judge: wholeGuard, runs: slow },
        { judge: argo(1), runs },
        { judge: argo(5), runs },
        { judge: mannWhitneyJudge, runs: Math.min(slow, 200) },
        { judge: peekingZ, runs: slow },
      ],
    });
    for (const [position, row] of fired.entries()) yield nullRow('false rollbacks', each, row, position < 3);
  }
  // On the edge of what is tolerated: 1.25 times the rate, and 1.25 is asked for.
  const edge = scenario(10, 0.01, 0.0125, { name: '1.25 times 1 % errors, 10/s' });
  const [fired] = simulate({ scenario: edge, seed: 1_100, judges: [{ judge: eProcess(1.25), runs }] });
  yield nullRow('false rollbacks', edge, fired!, true);
}

/** Healthy canaries whose errors come three at once, counted as they come, by user, and over their dispersion, known or estimated. */
export function* bursts({ runs }: Effort): Generator<Row> {
  const bursty = scenario(10, 0.01, 0.01, { burst: 3, name: '1 % errors in bursts of 3, 10/s' });
  const judges = [
    { judge: eProcess(1), runs },
    { judge: eProcess(1, 5), runs },
    { judge: eProcess(1.25, 5), runs },
    { judge: argo(1), runs },
  ];
  for (const [position, row] of simulate({ scenario: bursty, seed: 2_000, judges }).entries())
    yield nullRow('bursts', bursty, row, position === 1 || position === 2);
  const estimated = { ...bursty, name: '1 % errors in bursts of 3, estimated, 10/s' };
  const [over] = simulate({ scenario: estimated, seed: 2_002, judges: [{ judge: overEstimated(bursty), runs }] });
  yield nullRow('bursts', estimated, over!, true);
  const units = { ...bursty, name: '1 % errors in bursts of 3, by user, 10/s' };
  const [fired] = simulate({ scenario: units, seed: 2_001, judges: [{ judge: eProcess(1), runs }], draw: asUnits });
  yield nullRow('bursts', units, fired!, true);
}

/** Median minutes and requests of the canary until it is found, of the e-process with r0 = 1 and 1.25: the values to reproduce. */
const medians: readonly (readonly [
  before: number,
  after: number,
  perSecond: number,
  one: readonly [number, number],
  quarter: readonly [number, number],
])[] = [
  [0.001, 0.01, 10, [9, 523], [10, 599]],
  [0.001, 0.01, 100, [1, 631], [2, 1_153]],
  [0.01, 0.02, 10, [27, 1_527], [55, 2_077]],
  [0.01, 0.02, 100, [4, 2_253], [7, 4_131]],
  [0.01, 0.05, 1, [27, 147], [34, 172]],
  [0.01, 0.05, 10, [3, 193], [4, 246]],
  [0.01, 0.05, 100, [1, 600], [1, 601]],
  [0.05, 0.12, 1, [30, 163], [50, 205]],
  [0.05, 0.12, 10, [4, 226], [6, 357]],
  [0.05, 0.12, 100, [1, 601], [1, 606]],
];

/** Canaries that are worse from the first minute on. */
export function* detections({ slow, detecting }: Effort): Generator<Row> {
  for (const [index, [before, after, perSecond, one, quarter]] of medians.entries()) {
    const worse = scenario(perSecond, before, after);
    const fired = simulate({
      scenario: worse,
      seed: 3_000 + index,
      judges: [
        { judge: eProcess(1), runs: detecting },
        { judge: eProcess(1.25), runs: detecting },
        { judge: wholeGuard, runs: Math.min(slow, detecting) },
        { judge: argo(1), runs: detecting },
        { judge: argo(5), runs: detecting },
        { judge: mannWhitneyJudge, runs: Math.min(slow, 200) },
      ],
    });
    for (const [position, row] of fired.entries()) {
      const { minutes, requests, power } = detection(row);
      // A median of few runs is chance.
      const wanted = detecting < 1_000 ? null : ([one, quarter][position] ?? null);
      yield {
        table: 'detection',
        scenario: worse.name,
        judge: row.judge,
        runs: row.runs,
        fired: power,
        minutes,
        requests,
        goal: wanted && { text: `${wanted[0]} min, ${wanted[1]}`, met: near(minutes, wanted[0]) && near(requests, wanted[1]) },
      };
    }
  }
}

/** Within 20 %; whole minutes cannot be nearer than one. */
function near(found: number, wanted: number): boolean {
  return Math.abs(found - wanted) <= Math.max(0.2 * wanted, wanted < 60 ? 1 : 0);
}

function nullRow(table: Row['table'], { name }: Scenario, fired: Parameters<typeof firedPart>[0], promised: boolean): Row {
  const part = firedPart(fired);
  const most = allowed(alpha, fired.runs);
  return {
    table,
    scenario: name,
    judge: fired.judge,
    runs: fired.runs,
    fired: part,
    minutes: null,
    requests: null,
    goal: promised ? { text: `at most ${most.toFixed(4)}`, met: part <= most } : null,
  };
}

function percent(rate: number): string {
  return `${Number((100 * rate).toPrecision(3))} %`;
}
