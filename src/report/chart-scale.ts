/** From a value to a place, straight. */
export type Scale = (value: number) => number;

/** Cut to the drawing: what lies outside is drawn at its edge. */
export function linear(from: number, to: number, start: number, end: number): Scale {
  const span = to - from;
  return (value) => round(span <= 0 ? start : start + ((Math.min(to, Math.max(from, value)) - from) / span) * (end - start));
}

/** Tenths of a pixel are enough, and keep the file small and equal on every machine. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const steps = [
  10,
  20,
  50,
  100,
  200,
  500,
  second,
  2 * second,
  5 * second,
  10 * second,
  15 * second,
  30 * second,
  minute,
  2 * minute,
  5 * minute,
  10 * minute,
  15 * minute,
  30 * minute,
  hour,
  2 * hour,
  3 * hour,
  6 * hour,
  12 * hour,
  day,
  2 * day,
  7 * day,
  14 * day,
  28 * day,
];

/** Round moments, at most `most` of them, as they are written under an axis: UTC. */
export function timeTicks(from: number, to: number, most: number): readonly { readonly at: number; readonly text: string }[] {
  const span = Math.max(1, to - from);
  const step = steps.find((each) => span / each <= most) ?? Math.ceil(span / most / day) * day;
  const first = Math.ceil(from / step) * step;
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step) + 1) }, (_, index) => first + index * step).map(
    (at) => ({ at, text: timeText(at, step) }),
  );
}

function timeText(at: number, step: number): string {
  const text = new Date(at).toISOString();
  if (step >= day) return text.slice(5, 10);
  if (step >= hour) return `${text.slice(5, 10)} ${text.slice(11, 16)}`;
  return step < second ? text.slice(11, 23) : text.slice(11, step < minute ? 19 : 16);
}

/** The next round number at or above: where an axis ends. */
export function niceCeiling(value: number): number {
  if (!(value > 0)) return 0.01;
  const power = 10 ** Math.floor(Math.log10(value));
  const found = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= value * (1 - 1e-9)) ?? 10;
  return Number((found * power).toPrecision(3));
}
