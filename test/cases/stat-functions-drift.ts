import { chiSquareTwoSample } from '../../src/detect/drift/chi-square.ts';
import { energyDistance } from '../../src/detect/drift/energy-distance.ts';
import { adjustForMany } from '../../src/detect/drift/false-discovery.ts';
import { jensenShannon } from '../../src/detect/drift/jensen-shannon.ts';
import { kernelDiscrepancy } from '../../src/detect/drift/kernel-discrepancy.ts';
import { kolmogorovUpper } from '../../src/detect/drift/kolmogorov.ts';
import {
  kolmogorovSmirnov,
  kolmogorovSmirnovAsymptotic,
  kolmogorovSmirnovExact,
} from '../../src/detect/drift/kolmogorov-smirnov.ts';
import { populationStability } from '../../src/detect/drift/population-stability.ts';
import { normedWasserstein, wasserstein } from '../../src/detect/drift/wasserstein.ts';
import type { VectorFunction } from './vector.ts';

export const driftFunctions: Readonly<Record<string, VectorFunction>> = {
  ks2: {
    keys: ['a', 'b'],
    compute: ({ a, b }) => {
      const D = kolmogorovSmirnov(a, b);
      return {
        D,
        pAsymp: kolmogorovSmirnovAsymptotic(D, a.length, b.length),
        pExact: kolmogorovSmirnovExact(D, a.length, b.length),
      };
    },
  },
  kolmogorovSf: { keys: ['x'], compute: ({ x }) => ({ sf: kolmogorovUpper(x) }) },
  psi: { keys: ['ref', 'cur', 'eps'], compute: ({ ref, cur, eps }) => ({ psi: populationStability(ref, cur, eps) }) },
  jensenShannonDistance: { keys: ['p', 'q', 'base'], compute: ({ p, q, base }) => ({ ...jensenShannon(p, q, base) }) },
  wasserstein1: {
    keys: ['a', 'b'],
    compute: ({ a, b }) => ({ w: wasserstein(a, b), normBySdRef: normedWasserstein(a, b) }),
  },
  chi2TwoSample: {
    keys: ['table'],
    compute: ({ table: [first, second] }) => {
      const { chi2, degrees, p, cramersV } = chiSquareTwoSample(first, second);
      return { chi2, df: degrees, p, cramersV };
    },
  },
  benjaminiHochberg: {
    keys: ['p'],
    compute: ({ p }) => {
      const adjusted = adjustForMany(p);
      return { adjusted, rejectAt05: adjusted.map((each) => each <= 0.05) };
    },
  },
  energyDistance: { keys: ['a', 'b'], compute: ({ a, b }) => ({ d: energyDistance(a, b) }) },
  mmd2Unbiased: { keys: ['x', 'y', 'sigma2'], compute: ({ x, y, sigma2 }) => ({ mmd2: kernelDiscrepancy(x, y, sigma2) }) },
};
