import type { Series } from '../record/series.ts';
import type { Place } from './chart-rates.ts';
import { linear, round, type Scale } from './chart-scale.ts';

/** Shares stacked to 100 %, from the first to the last moment of the chart. Before the first known moment its shares are assumed. */
export function weightsBand(
  weights: Series['weights'],
  sides: { readonly bad: string; readonly good: string | null },
  span: { readonly from: number; readonly to: number },
  x: Scale,
  place: Place,
): readonly string[] {
  const y = linear(0, 100, place.top + place.height, place.top);
  const grid = [0, 50, 100].map(
    (value) =>
      `<path class="grid" d="M${place.left} ${y(value)}H${place.right}"/><text class="axis" x="${place.left - 6}" y="${round(y(value) + 3.5)}" text-anchor="end">${value}%</text>`,
  );
  const areas = weights.flatMap(({ at, weights: shares }, index) => {
    const begin = x(index === 0 ? span.from : at);
    const end = x(weights[index + 1]?.at ?? span.to);
    if (end <= begin) return [];
    const known = [
      sides.good,
      ...Object.keys(shares)
        .filter((version) => version !== sides.good && version !== sides.bad)
        .toSorted(),
      sides.bad,
    ];
    let below = 0;
    return known.flatMap((version) => {
      const share = version === null ? 0 : (shares[version] ?? 0);
      if (share <= 0) return [];
      below += share;
      const kind = version === sides.bad ? 'bad' : version === sides.good ? 'stable' : 'other';
      return [`<path class="area ${kind}" d="M${begin} ${y(below)}H${end}V${y(below - share)}H${begin}Z"/>`];
    });
  });
  return [...grid, ...areas];
}
