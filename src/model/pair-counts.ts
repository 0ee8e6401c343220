/** Requests that both versions with a share answered and whose label came; where users are counted, users with one. */
export interface PairCounts {
  readonly of: number;
  readonly wrong: number;
  /** Wrong where the other version was right. */
  readonly alone: number;
}

export const noPairs: PairCounts = { of: 0, wrong: 0, alone: 0 };

export function addPairs(one: PairCounts, more: PairCounts): PairCounts {
  return { of: one.of + more.of, wrong: one.wrong + more.wrong, alone: one.alone + more.alone };
}
