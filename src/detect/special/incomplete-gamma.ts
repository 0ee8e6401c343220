import { logGamma } from './log-gamma.ts';

const tiny = 1e-300;
const enough = 1e-16;
const most = 10_000;

/** Q(a, x): the upper regularised incomplete gamma function. Series below a + 1, Lentz' continued fraction above (DLMF 8.11.4, 8.9.2). */
export function upperGamma(a: number, x: number): number {
  if (x <= 0) return 1;
  if (x === Number.POSITIVE_INFINITY) return 0;
  const scale = Math.exp(a * Math.log(x) - x - logGamma(a));
  return x < a + 1 ? 1 - scale * series(a, x) : scale * fraction(a, x);
}

/** P(a, x), for small values as exact as Q is for small ones. */
export function lowerGamma(a: number, x: number): number {
  if (x <= 0) return 0;
  if (x >= a + 1) return 1 - upperGamma(a, x);
  return Math.exp(a * Math.log(x) - x - logGamma(a)) * series(a, x);
}

function series(a: number, x: number): number {
  let term = 1 / a;
  let sum = term;
  for (let step = 1; step < most && Math.abs(term) > enough * Math.abs(sum); step += 1) {
    term *= x / (a + step);
    sum += term;
  }
  return sum;
}

function fraction(a: number, x: number): number {
  let b = x + 1 - a;
  let c = 1 / tiny;
  let d = 1 / b;
  let value = d;
  for (let step = 1; step < most; step += 1) {
    const numerator = -step * (step - a);
    b += 2;
    d = 1 / awayFromZero(numerator * d + b);
    c = awayFromZero(b + numerator / c);
    value *= d * c;
    if (Math.abs(d * c - 1) < enough * 2) break;
  }
  return value;
}

function awayFromZero(value: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}
