import { createHash } from 'node:crypto';

/** Chooses items by a seed, each at most once. The same seed and items give the same choice, whoever chooses before or beside it. */
export function chosenBySeed<Item>(seed: number | string, items: readonly Item[], count: number): readonly Item[] {
  const rank = (item: Item, index: number): string =>
    createHash('sha256')
      .update(JSON.stringify([seed, item, index, items.length]))
      .digest('hex');
  return items
    .map((item, index) => ({ item, rank: rank(item, index) }))
    .sort((one, other) => (one.rank < other.rank ? -1 : 1))
    .slice(0, count)
    .map(({ item }) => item);
}
