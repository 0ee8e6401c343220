import type { Series } from '../record/series.ts';
import { chartStyle } from './chart-style.ts';
import { type RateBand, rateBand } from './chart-rates.ts';
import { linear, round, type Scale, timeTicks } from './chart-scale.ts';
import { weightsBand } from './chart-weights.ts';
import { xml } from './incident-escape.ts';
import { clipped } from './width.ts';

/** Everything of an incident that is drawn over time. */
export interface ChartView {
  readonly title: string;
  /** The same in words, for those who cannot see it. */
  readonly description: string;
  readonly bad: string;
  readonly good: string | null;
  readonly bands: readonly RateBand[];
  readonly weights: Series['weights'];
  /** What happened when; what lies before `from` is drawn at the edge. */
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  readonly from: number;
  readonly to: number;
}

const width = 760;
const left = 52;
const right = width - 14;
const rateHeight = 110;
const weightHeight = 64;
const row = 15;
const heading = 26;

/** The chart as SVG: bad rates above, shares below, on one time axis. `alone`: with its own style, to be a file of its own. */
export function chartSvg(view: ChartView, { alone }: { readonly alone: boolean }): string {
  const x = linear(view.from, view.to, left, right);
  const labels = placed(view.ticks, x);
  const first = 24 + row * (1 + Math.max(-1, ...labels.map((label) => label.row)));
  const tops = [...view.bands, null].map((_, index) => first + heading + index * (rateHeight + heading));
  const weightTop = tops.at(-1) ?? first;
  const bottom = weightTop + weightHeight;
  const height = bottom + 26;
  const band = (top: number, title: string, parts: readonly string[]): readonly string[] => [
    `<text class="name" x="${left}" y="${top - 8}">${xml(title)}</text>`,
    ...parts,
  ];
  return [
    `<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="chart-title chart-desc">`,
    `<title id="chart-title">${xml(view.title)}</title><desc id="chart-desc">${xml(view.description)}</desc>`,
    ...(alone ? [`<style>${chartStyle}</style>`] : []),
    `<rect class="sheet" width="${width}" height="${height}"/>`,
    ...legend(view),
    ...view.bands.flatMap((each, index) =>
      band(tops[index] ?? 0, each.title, rateBand(each, x, { left, right, top: tops[index] ?? 0, height: rateHeight })),
    ),
    ...band(
      weightTop,
      'share of the traffic',
      weightsBand(view.weights, view, view, x, { left, right, top: weightTop, height: weightHeight }),
    ),
    ...labels.map(
      (label) =>
        `<path class="tick" d="M${label.x} ${first}V${bottom}"/><text x="${label.textX}" y="${24 + row * (label.row + 1) - 4}" text-anchor="${label.anchor}">${xml(label.text)}</text>`,
    ),
    ...timeAxis(view, x, bottom + 16),
    '</svg>',
  ].join('\n');
}

function legend({ bad, good }: ChartView): readonly string[] {
  const name = (version: string): string => xml(clipped(version, 34, '…'));
  return [
    `<path class="line bad" d="M${left} 12H${left + 20}"/><text class="name" x="${left + 26}" y="16">${name(bad)}</text>`,
    ...(good === null
      ? []
      : [
          `<path class="line stable" d="M${left + 270} 12H${left + 290}"/><text class="name" x="${left + 296}" y="16">${name(good)}</text>`,
        ]),
    `<path class="harm" d="M${right - 56} 6h20v12h-20z"/><text x="${right - 30}" y="16">harm</text>`,
  ];
}

/** Times that would touch their neighbour, or the word UTC, are left out. */
function timeAxis({ from, to }: ChartView, x: Scale, y: number): readonly string[] {
  let reached = left - 4;
  const texts = timeTicks(from, to, 7).flatMap(({ at, text }) => {
    const half = (text.length * letter) / 2;
    if (x(at) - half < reached + 8 || x(at) + half > width) return [];
    reached = x(at) + half;
    return [`<text class="axis" x="${x(at)}" y="${y}" text-anchor="middle">${text}</text>`];
  });
  return [`<text class="axis" x="${left - 6}" y="${y}" text-anchor="end">UTC</text>`, ...texts];
}

interface Label {
  readonly x: number;
  readonly textX: number;
  readonly anchor: 'start' | 'end';
  readonly text: string;
  readonly row: number;
}

/** About as wide as these letters are. */
const letter = 6.1;

/** Labels that would touch stand in rows of their own, the earliest highest. */
function placed(ticks: ChartView['ticks'], x: Scale): readonly Label[] {
  const ends: number[] = [];
  return ticks
    .toSorted((one, other) => one.at - other.at)
    .map(({ at, label }): Label => {
      const place = x(at);
      const long = label.length * letter;
      const anchor = place + 4 + long > right ? 'end' : 'start';
      const [begin, end] = anchor === 'start' ? [place, place + 4 + long] : [place - 4 - long, place];
      const free = ends.findIndex((taken) => taken + 6 <= begin);
      const row = free < 0 ? ends.length : free;
      ends[row] = Math.max(end, ends[row] ?? 0);
      return { x: place, textX: round(anchor === 'start' ? place + 4 : place - 4), anchor, text: label, row };
    });
}
