import { type ArmCounters, latencyBuckets } from '../model/hosting.ts';
import { addPairs, noPairs, type PairCounts } from '../model/pair-counts.ts';
import { Bursts } from './bursts.ts';
import { type AffectedUnit, AffectedUnits } from './affected-units.ts';
import { UnitTally } from './unit-tally.ts';

/** What became of one request. aborted: the client went away first, so that nobody can say what the model would have answered. */
export type Ending =
  | { readonly kind: 'answered'; readonly status: number; readonly took: number }
  | { readonly kind: 'unanswered' }
  | { readonly kind: 'aborted' };

interface Arm {
  requests: number;
  errors: number;
  unanswered: number;
  aborted: number;
  latency: number[];
  right: number;
  wrong: number;
  sent: number;
  ended: number;
  /** Null: requests are what is counted. */
  units: UnitTally | null;
  pairs: PairCounts;
  bursts: Bursts;
}

/** What came of a request at one of the two versions that answered it. */
export interface PairedAnswer {
  readonly version: string;
  readonly right: boolean;
}

/** Counts by version that only grow. */
export class Counters {
  readonly #arms = new Map<string, Arm>();
  readonly #units = new AffectedUnits();
  readonly #before: { readonly arms: Readonly<Record<string, ArmCounters>>; readonly refused: number };
  refused: number;
  changed = false;

  readonly #minute: () => number;

  constructor(
    saved: { readonly arms: Readonly<Record<string, ArmCounters>>; readonly refused: number },
    minute = (): number => Math.floor(performance.now() / 60_000),
  ) {
    this.#minute = minute;
    this.refused = saved.refused;
    this.#before = saved;
    for (const [version, { labels, latency, units, bursts, ...counts }] of Object.entries(saved.arms)) {
      this.#arms.set(version, {
        aborted: 0,
        sent: 0,
        ended: 0,
        pairs: noPairs,
        ...counts,
        latency: [...latency],
        units: units ? new UnitTally(units) : null,
        bursts: new Bursts(bursts),
        ...labels,
      });
    }
  }

  /** `unit`: what `send` gave for the request. */
  count(version: string, ending: Ending, unit: AffectedUnit | null): void {
    const arm = this.#arm(version);
    this.changed = true;
    if (ending.kind === 'aborted') {
      arm.aborted += 1;
      return;
    }
    arm.requests += 1;
    const failed = ending.kind === 'unanswered' || ending.status >= 500;
    arm.bursts.count(this.#minute(), failed);
    const counted = unit !== null && this.#units.counts(unit) ? unit : null;
    if (counted && failed) tallyOf(arm).fail(counted);
    if (ending.kind === 'unanswered') {
      arm.unanswered += 1;
      return;
    }
    if (ending.status >= 500) arm.errors += 1;
    const bucket = bucketOf(ending.took);
    arm.latency[bucket] = (arm.latency[bucket] ?? 0) + 1;
    if (counted) tallyOf(arm).answer(counted, bucket);
  }

  /**
   * It was given to the version. Counted before its end, since one that is slow would else seem to be short of requests. Returns who is behind
   * it, for its end and its label to be counted by; null: nobody is named.
   */
  send(version: string, name: string | null): AffectedUnit | null {
    const arm = this.#arm(version);
    arm.sent += 1;
    this.changed = true;
    if (name === null) return null;
    const { unit, fresh } = this.#units.see(version, name);
    if (fresh) tallyOf(arm).see();
    return unit;
  }

  /** The split has changed: who goes where is another question from here on. */
  forgetUnits(): void {
    this.#units.forget();
  }

  label(version: string, right: boolean, unit: AffectedUnit | null): void {
    const arm = this.#arm(version);
    this.changed = true;
    if (right) arm.right += 1;
    else arm.wrong += 1;
    if (unit !== null && this.#units.counts(unit)) tallyOf(arm).label(unit, right);
  }

  /** A copy of it ended that nobody had told to. */
  end(version: string): void {
    this.#arm(version).ended += 1;
    this.changed = true;
  }

  /** Both versions answered the same request. A user counts once, with the first one that either got wrong. */
  pair(both: readonly [PairedAnswer, PairedAnswer], unit: AffectedUnit | null): void {
    const anyWrong = both.some(({ right }) => !right);
    const counted = unit !== null && this.#units.counts(unit) ? unit : null;
    const first = counted && { pair: !counted.paired, wrong: anyWrong && !counted.pairedWrong };
    for (const [index, { version, right }] of both.entries()) {
      const wrong = right ? 0 : 1;
      const alone = right || both[1 - index]?.right === false ? 0 : 1;
      const arm = this.#arm(version);
      arm.pairs = addPairs(arm.pairs, { of: 1, wrong, alone });
      if (first) tallyOf(arm).pair({ of: first.pair ? 1 : 0, wrong: first.wrong ? wrong : 0, alone: first.wrong ? alone : 0 });
    }
    if (counted) {
      counted.paired = true;
      counted.pairedWrong ||= anyWrong;
    }
    this.changed = true;
  }

  refuse(): void {
    this.refused += 1;
    this.changed = true;
  }

  reading(): Readonly<Record<string, ArmCounters>> {
    return Object.fromEntries(
      [...this.#arms].map(([version, { right, wrong, latency, units, pairs, bursts, ...counts }]) => [
        version,
        {
          ...counts,
          latency: [...latency],
          labels: { right, wrong },
          bursts: bursts.counts(),
          ...(units ? { units: units.counts() } : {}),
          ...(pairs.of > 0 ? { pairs } : {}),
        },
      ]),
    );
  }

  /**
   * What this process counted. Up to a second of counts dies with a host, so what was kept may go back a little, and whoever scrapes
   * takes any step back for a counter that began again at zero: all that was ever counted would be counted once more.
   */
  sinceStart(): { readonly arms: Readonly<Record<string, ArmCounters>>; readonly refused: number } {
    const arms = Object.entries(this.reading()).map(([version, arm]) => [version, grown(this.#before.arms[version], arm)]);
    return { arms: Object.fromEntries(arms), refused: this.refused - this.#before.refused };
  }

  #arm(version: string): Arm {
    let arm = this.#arms.get(version);
    if (!arm) {
      arm = {
        requests: 0,
        errors: 0,
        unanswered: 0,
        aborted: 0,
        latency: Array.from({ length: latencyBuckets.length + 1 }, () => 0),
        right: 0,
        wrong: 0,
        sent: 0,
        ended: 0,
        units: null,
        pairs: noPairs,
        bursts: new Bursts(),
      };
      this.#arms.set(version, arm);
    }
    return arm;
  }
}

function grown(before: ArmCounters | undefined, now: ArmCounters): ArmCounters {
  if (!before) return now;
  return {
    requests: now.requests - before.requests,
    errors: now.errors - before.errors,
    unanswered: now.unanswered - before.unanswered,
    aborted: (now.aborted ?? 0) - (before.aborted ?? 0),
    ended: (now.ended ?? 0) - (before.ended ?? 0),
    latency: now.latency.map((count, bucket) => count - (before.latency[bucket] ?? 0)),
    labels: { right: now.labels.right - before.labels.right, wrong: now.labels.wrong - before.labels.wrong },
  };
}

function tallyOf(arm: Arm): UnitTally {
  arm.units ??= new UnitTally();
  return arm.units;
}

/** Index of the first edge at or above the time, by halving. */
function bucketOf(took: number): number {
  let low = 0;
  let high = latencyBuckets.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((latencyBuckets[middle] ?? 0) >= took) high = middle;
    else low = middle + 1;
  }
  return low;
}
