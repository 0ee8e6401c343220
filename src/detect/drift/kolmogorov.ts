import { pelzGood } from './pelz-good.ts';

/** P(K > x) of Kolmogorov's limit law: 2 sum (-1)^(j-1) exp(-2 j^2 x^2); below 1.18 one less its theta-function form (DLMF 20.7.32). */
export function kolmogorovUpper(x: number): number {
  if (x <= 0) return 1;
  if (x < 1.18) {
    const scale = Math.sqrt(2 * Math.PI) / x;
    const exponent = (Math.PI * Math.PI) / (8 * x * x);
    let sum = 0;
    for (let j = 1; j <= 9; j += 1) sum += Math.exp(-((2 * j - 1) ** 2) * exponent);
    return 1 - scale * sum;
  }
  let sum = 0;
  for (let j = 9; j >= 1; j -= 1) sum += (j % 2 === 1 ? 1 : -1) * Math.exp(-2 * j * j * x * x);
  return 2 * sum;
}

/** Up to so many values the matrix is small. */
const few = 140;

/**
 * P(D_n > d) of the one-sample statistic for n values, not the limit. Which way is exact where is Simard's and L'Ecuyer's table (JSS 2011): in
 * the upper tail twice Smirnov's one-sided law; else a matrix to the n-th power (Marsaglia, Tsang and Wang, JSS 2003); for many values
 * Pelz' and Good's expansion.
 */
export function kolmogorovSampleUpper(d: number, n: number): number {
  if (d <= 0.5 / n) return 1;
  if (d >= 1) return 0;
  if (d >= 0.5 || n * d * d >= (n <= few ? 4 : 2.2)) return Math.min(1, 2 * smirnovUpper(d, n));
  const small = n <= few || (n <= 100_000 && n * d ** 1.5 <= 1.4);
  return 1 - (small ? marsaglia(d, n) : pelzGood(d, n));
}

/** P(D+ >= d) for n values: d sum over j of C(n, j) (1 - d - j/n)^(n-j) (d + j/n)^(j-1). */
function smirnovUpper(d: number, n: number): number {
  const last = Math.floor(n * (1 - d));
  let [sum, logChoose] = [0, 0];
  for (let j = 0; j <= last; j += 1) {
    const left = 1 - d - j / n;
    const term = logChoose + (j - 1) * Math.log(d + j / n) + (left > 0 ? (n - j) * Math.log(left) : n === j ? 0 : -Infinity);
    sum += Math.exp(term);
    logChoose += Math.log((n - j) / (j + 1));
  }
  return d * sum;
}

type Matrix = readonly (readonly number[])[];

function marsaglia(d: number, n: number): number {
  const k = Math.floor(n * d) + 1;
  const size = 2 * k - 1;
  const h = k - n * d;
  const start = Array.from({ length: size }, (_, row) =>
    Array.from({ length: size }, (_, column) => (row - column + 1 < 0 ? 0 : 1)),
  );
  const edge = (power: number): number => h ** power;
  for (let index = 0; index < size; index += 1) {
    const [first, last] = [start[index] as number[], start[size - 1] as number[]];
    first[0] = (first[0] ?? 0) - edge(index + 1);
    last[index] = (last[index] ?? 0) - edge(size - index);
  }
  const corner = start[size - 1] as number[];
  corner[0] = (corner[0] ?? 0) + (2 * h > 1 ? (2 * h - 1) ** size : 0);
  const scaled = start.map((row, i) => row.map((value, j) => (i - j + 1 > 0 ? value / factorial(i - j + 1) : value)));
  const { matrix, exponent } = power(scaled, n, k - 1);
  let [value, tens] = [matrix[k - 1]?.[k - 1] ?? 0, exponent];
  for (let index = 1; index <= n; index += 1) {
    value = (value * index) / n;
    if (value < 1e-140) [value, tens] = [value * 1e140, tens - 140];
  }
  return value * 10 ** tens;
}

function factorial(n: number): number {
  let product = 1;
  for (let each = 2; each <= n; each += 1) product *= each;
  return product;
}

/** The matrix to the n, its entries held below 1e140 by an exponent of their own. */
function power(matrix: Matrix, n: number, middle: number): { readonly matrix: Matrix; readonly exponent: number } {
  if (n === 1) return { matrix, exponent: 0 };
  const half = power(matrix, Math.floor(n / 2), middle);
  const squared = multiply(half.matrix, half.matrix);
  const whole = n % 2 === 0 ? squared : multiply(matrix, squared);
  const exponent = 2 * half.exponent;
  if ((whole[middle]?.[middle] ?? 0) <= 1e140) return { matrix: whole, exponent };
  return { matrix: whole.map((row) => row.map((value) => value * 1e-140)), exponent: exponent + 140 };
}

function multiply(left: Matrix, right: Matrix): Matrix {
  return left.map((row) =>
    row.map((_, column) => row.reduce((sum, value, index) => sum + value * (right[index]?.[column] ?? 0), 0)),
  );
}
