import type { Counted } from '../record/impact.ts';
import { linear, niceCeiling, round, type Scale } from './chart-scale.ts';
import { percent } from './number.ts';

/** One metric of both versions over time. */
export interface RateBand {
  readonly title: string;
  readonly points: readonly RatePoint[];
}

export interface RatePoint {
  readonly from: number;
  readonly to: number;
  readonly bad: Counted;
  readonly stable: Counted;
}

export interface Place {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly height: number;
}

/** More than this many would be finer than a pixel. */
const mostBins = 160;

/** Neighbours summed until there are few enough, so that a rate stays the rate of its requests. */
export function binned(points: readonly RatePoint[]): readonly RatePoint[] {
  const size = Math.ceil(points.length / mostBins);
  if (size <= 1) return points;
  return Array.from({ length: Math.ceil(points.length / size) }, (_, bin) =>
    together(points.slice(bin * size, (bin + 1) * size)),
  );
}

function together(points: readonly RatePoint[]): RatePoint {
  const add = (pick: (point: RatePoint) => Counted): Counted => ({
    bad: points.reduce((sum, point) => sum + pick(point).bad, 0),
    of: points.reduce((sum, point) => sum + pick(point).of, 0),
  });
  return {
    from: points[0]?.from ?? 0,
    to: points.at(-1)?.to ?? 0,
    bad: add(({ bad }) => bad),
    stable: add(({ stable }) => stable),
  };
}

/** Lines in steps: a rate holds for its whole interval. Red is only what the bad version did more. */
export function rateBand(band: RateBand, x: Scale, { left, right, top, height }: Place): readonly string[] {
  const points = binned(band.points);
  const highest = niceCeiling(Math.max(0, ...points.flatMap(({ bad, stable }) => [rate(bad) ?? 0, rate(stable) ?? 0])));
  const y = linear(0, highest, top + height, top);
  const lines = [0, highest / 2, highest].map(
    (value) =>
      `<path class="grid" d="M${left} ${y(value)}H${right}"/><text class="axis" x="${left - 6}" y="${round(y(value) + 3.5)}" text-anchor="end">${percent(value)}</text>`,
  );
  const harm = points.flatMap(({ from, to, bad, stable }) => {
    const [one, other] = [rate(bad), rate(stable)];
    return one === null || other === null || one <= other ? [] : [`M${x(from)} ${y(one)}H${x(to)}V${y(other)}H${x(from)}Z`];
  });
  return [
    ...lines,
    ...(harm.length === 0 ? [] : [`<path class="harm" d="${harm.join('')}"/>`]),
    `<path class="line stable" d="${stepsOf(points, ({ stable }) => stable, x, y)}"/>`,
    `<path class="line bad" d="${stepsOf(points, ({ bad }) => bad, x, y)}"/>`,
  ];
}

/** Interrupted where nothing was asked, or nobody looked. */
function stepsOf(points: readonly RatePoint[], pick: (point: RatePoint) => Counted, x: Scale, y: Scale): string {
  let path = '';
  let reached: number | null = null;
  for (const point of points) {
    const value = rate(pick(point));
    if (value === null) {
      reached = null;
      continue;
    }
    path += reached === point.from ? `V${y(value)}` : `M${x(point.from)} ${y(value)}`;
    path += `H${x(point.to)}`;
    reached = point.to;
  }
  return path === '' ? 'M0 0' : path;
}

function rate({ bad, of }: Counted): number | null {
  return of > 0 ? bad / of : null;
}
