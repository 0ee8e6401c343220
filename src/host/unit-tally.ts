import { addPairs, noPairs, type PairCounts } from '../model/pair-counts.ts';
import type { UnitCounts } from '../model/unit-counts.ts';
import type { AffectedUnit } from './affected-units.ts';

/** What the users of one version met, each counted once in each: counts that only grow. */
export class UnitTally {
  #seen: number;
  #bad: number;
  readonly #reached: number[];
  #labelled: number;
  #wrong: number;
  #pairs: PairCounts;

  constructor({ seen, bad, reached = [], labelled = 0, wrong = 0, pairs = noPairs }: UnitCounts = { seen: 0, bad: 0 }) {
    this.#seen = seen;
    this.#bad = bad;
    this.#reached = [...reached];
    this.#labelled = labelled;
    this.#wrong = wrong;
    this.#pairs = pairs;
  }

  see(): void {
    this.#seen += 1;
  }

  fail(unit: AffectedUnit): void {
    if (unit.failed) return;
    unit.failed = true;
    this.#bad += 1;
  }

  /** It was answered as slowly as this bucket. Faster answers than it had before tell nothing new. */
  answer(unit: AffectedUnit, bucket: number): void {
    for (let each = unit.slowest + 1; each <= bucket; each += 1) this.#reached[each] = (this.#reached[each] ?? 0) + 1;
    unit.slowest = Math.max(unit.slowest, bucket);
  }

  label(unit: AffectedUnit, right: boolean): void {
    if (!unit.labelled) this.#labelled += 1;
    unit.labelled = true;
    if (right || unit.wrong) return;
    unit.wrong = true;
    this.#wrong += 1;
  }

  pair(more: PairCounts): void {
    this.#pairs = addPairs(this.#pairs, more);
  }

  counts(): UnitCounts {
    return {
      seen: this.#seen,
      bad: this.#bad,
      reached: [...this.#reached],
      labelled: this.#labelled,
      wrong: this.#wrong,
      pairs: this.#pairs,
    };
  }
}
