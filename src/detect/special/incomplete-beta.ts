import { logBeta } from './log-gamma.ts';

const tiny = 1e-300;
const enough = 4e-16;
const most = 100_000;

/** Where the continued fraction converges quickly: below the mean. */
function quick(x: number, a: number, b: number): boolean {
  return x <= (a + 1) / (a + b + 2);
}

/** I_x(a, b): the regularised incomplete beta function, by its continued fraction (DLMF 8.17.22, modified Lentz). */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  return quick(x, a, b) ? Math.exp(logTail(x, a, b)) : -Math.expm1(logTail(1 - x, b, a));
}

/** ln(1 - I_x(a, b)), which stays exact where nearly everything lies below x. */
export function logUpperBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return Number.NEGATIVE_INFINITY;
  return quick(x, a, b) ? Math.log1p(-Math.exp(logTail(x, a, b))) : logTail(1 - x, b, a);
}

/** ln I_x(a, b) below the mean. */
function logTail(x: number, a: number, b: number): number {
  return a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b) - Math.log(a) + Math.log(fraction(x, a, b));
}

function fraction(x: number, a: number, b: number): number {
  let c = 1;
  let d = 1 / awayFromZero(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let step = 1; step < most; step += 1) {
    const twice = 2 * step;
    const even = (step * (b - step) * x) / ((a + twice - 1) * (a + twice));
    d = 1 / awayFromZero(1 + even * d);
    c = awayFromZero(1 + even / c);
    value *= d * c;
    const odd = (-(a + step) * (a + b + step) * x) / ((a + twice) * (a + twice + 1));
    d = 1 / awayFromZero(1 + odd * d);
    c = awayFromZero(1 + odd / c);
    value *= d * c;
    if (Math.abs(d * c - 1) < enough) break;
  }
  return value;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}

/** The x at which I_x(a, b) = p, by bisection: exact to the last digits, and never astray. */
export function inverseIncompleteBeta(p: number, a: number, b: number): number {
  if (p <= 0) return 0;
  if (p >= 1) return 1;
  let [low, high] = [0, 1];
  for (let step = 0; step < 200 && high - low > Number.EPSILON * high; step += 1) {
    const middle = low + (high - low) / 2;
    if (incompleteBeta(middle, a, b) < p) low = middle;
    else high = middle;
  }
  return low + (high - low) / 2;
}
