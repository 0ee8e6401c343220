import { Chance } from './chance.ts';

/** Which database each of the three machines has. */
export type Layout = readonly [number, number, number];

export const shared: Layout = [0, 0, 0];

/** In most worlds all share one; in some two or three of them have one of their own and meet at the record alone. */
export function layoutOf(seed: number): Layout {
  const chance = new Chance('databases', seed);
  if (!chance.often(0.2)) return shared;
  return chance.of<Layout>([
    [0, 1, 0],
    [0, 1, 1],
    [0, 1, 2],
  ]);
}
