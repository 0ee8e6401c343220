import { betaMixtureLogE, oneSidedBetaMixtureLogE } from '../../src/detect/sequential/beta-mixture.ts';
import { bet, noBets } from '../../src/detect/sequential/betting-mean.ts';
import { cdfBandRadius } from '../../src/detect/sequential/cdf-band.ts';
import { combine } from '../../src/detect/sequential/combine.ts';
import { extendDetector, nothingDetected, poissonLogE } from '../../src/detect/sequential/e-detector.ts';
import { meanSequenceHalfWidth } from '../../src/detect/sequential/mean-sequence.ts';
import { extendPaired } from '../../src/detect/sequential/paired-e-process.ts';
import { extendRatio, ratioLogE } from '../../src/detect/sequential/ratio-e-process.ts';
import { extendSlo } from '../../src/detect/sequential/slo-e-process.ts';
import type { VectorFunction } from './vector.ts';

export const sequentialFunctions: Readonly<Record<string, VectorFunction>> = {
  ratioEProcess: {
    keys: ['intervals', 'r0', 'grid'],
    compute: ({ intervals, r0, grid }) => {
      let state: readonly number[] = grid.map(() => 0);
      const logE = intervals.map(([x, y, n, m]: [number, number, number, number]) => {
        state = extendRatio(state, { canary: { bad: x, of: n }, baseline: { bad: y, of: m } }, r0, grid);
        return ratioLogE(state);
      });
      return { logE };
    },
  },
  betaMixtureLogE: {
    keys: ['xCanary', 'xBase', 'rho', 'k'],
    compute: ({ xCanary, xBase, rho, k }) => {
      const logE = betaMixtureLogE(xCanary, xBase, rho, k);
      return { logE, p: Math.min(1, Math.exp(-logE)) };
    },
  },
  oneSidedBetaMixtureLogE: {
    keys: ['x', 'y', 'theta0', 'a', 'b'],
    compute: ({ x, y, theta0, a, b }) => ({ logE: oneSidedBetaMixtureLogE(x, y, theta0, a, b) }),
  },
  sloEProcess: {
    keys: ['x', 'n', 'p0', 'grid'],
    compute: ({ x, n, p0, grid }) => ({ logE: ratioLogE(extendSlo([], { bad: x, of: n }, p0, grid)) }),
  },
  pairedEProcess: {
    keys: ['canaryOnlyWrong', 'baseOnlyWrong', 'grid'],
    compute: ({ canaryOnlyWrong, baseOnlyWrong, grid }) => ({
      logE: ratioLogE(extendPaired([], { canaryOnly: canaryOnlyWrong, baselineOnly: baseOnlyWrong, both: 0 }, 1, grid)),
    }),
  },
  bettingLogK: {
    keys: ['xs', 'm', 'alpha', 'c'],
    compute: ({ xs, m, alpha, c }) => {
      let state = noBets;
      const logK = xs.map((x: number) => {
        state = bet(state, x, m, alpha, c);
        return state.logK;
      });
      return { logK };
    },
  },
  asympCSHalfWidth: {
    keys: ['t', 'sd', 'alpha', 'tOpt'],
    compute: ({ t, sd, alpha, tOpt }) => ({ halfWidth: meanSequenceHalfWidth(t, sd, alpha, tOpt) }),
  },
  eDetector: {
    keys: ['counts', 'mu0', 'g', 'mode'],
    compute: ({ counts, mu0, g, mode }) => {
      if (mode !== 'sr' && mode !== 'cusum') throw new Error(`the mode ${mode} is unknown`);
      let logM = nothingDetected;
      const M = counts.map((count: number) => {
        logM = extendDetector(logM, poissonLogE(count, mu0, g), mode);
        return Math.exp(logM);
      });
      return { M };
    },
  },
  combineE: { keys: ['e'], compute: ({ e }) => ({ ...combine(e) }) },
  cdfBandRadius: {
    keys: ['t', 'alpha', 'tMin'],
    compute: ({ t, alpha, tMin }) => ({ radius: cdfBandRadius(t, alpha, tMin) }),
  },
};
