/** Seeded chance for simulations: xoshiro128** (Blackman and Vigna 2018), its state from the seed by splitmix32. */
export class Chance {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  constructor(seed: number) {
    let mixed = seed >>> 0;
    const next = (): number => {
      mixed = (mixed + 0x9e3779b9) >>> 0;
      let value = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
      value = Math.imul(value ^ (value >>> 15), 0x735a2d97);
      return (value ^ (value >>> 15)) >>> 0;
    };
    [this.#a, this.#b, this.#c, this.#d] = [next(), next(), next(), next()];
  }

  /** Uniform in (0, 1). */
  uniform(): number {
    const high = this.#next();
    return (high + 0.5) / 2 ** 32;
  }

  #next(): number {
    const result = Math.imul(rotated(Math.imul(this.#b, 5), 7), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = rotated(this.#d, 11);
    return result;
  }

  /** Standard normal, by Box and Muller. */
  normal(): number {
    return Math.sqrt(-2 * Math.log(this.uniform())) * Math.cos(2 * Math.PI * this.uniform());
  }

  /** How many of n happen with chance p each: by the gaps between them where few do, else by halving at a beta median. */
  binomial(n: number, p: number): number {
    if (p <= 0 || n <= 0) return 0;
    if (p >= 1) return n;
    if (p > 0.5) return n - this.binomial(n, 1 - p);
    if (n * p > 30) return this.#split(n, p);
    const logQ = Math.log1p(-p);
    let [count, at] = [-1, 0];
    while (at <= n) {
      at += Math.floor(Math.log(this.uniform()) / logQ) + 1;
      count += 1;
    }
    return count;
  }

  /** Devroye 1986, X.4: the middle one of n sorted uniforms is Beta; the rest falls on one of its sides. */
  #split(n: number, p: number): number {
    const middle = Math.floor((n + 1) / 2);
    const at = this.#beta(middle, n + 1 - middle);
    return at <= p ? middle + this.binomial(n - middle, (p - at) / (1 - at)) : this.binomial(middle - 1, p / at);
  }

  #beta(a: number, b: number): number {
    const x = this.#gamma(a);
    return x / (x + this.#gamma(b));
  }

  /** Marsaglia and Tsang 2000, for shapes of at least 1. */
  #gamma(shape: number): number {
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const v = (1 + c * x) ** 3;
      if (v > 0 && Math.log(this.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  }

  /** Poisson, by products of uniforms for small means and by a gamma's split for large ones (Ahrens and Dieter 1974). */
  poisson(mean: number): number {
    if (mean > 30) {
      const shape = Math.floor((7 / 8) * mean);
      const at = this.#gamma(shape);
      return at < mean ? shape + this.poisson(mean - at) : this.binomial(shape - 1, mean / at);
    }
    const limit = Math.exp(-mean);
    let [count, product] = [0, this.uniform()];
    while (product > limit) {
      product *= this.uniform();
      count += 1;
    }
    return count;
  }

  /** From 1 up, with this mean. */
  geometric(mean: number): number {
    return mean <= 1 ? 1 : 1 + Math.floor(Math.log(this.uniform()) / Math.log1p(-1 / mean));
  }
}

function rotated(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}
