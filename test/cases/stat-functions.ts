import { extendRatio, ratioLogE } from '../../src/detect/sequential/ratio-e-process.ts';
import type { VectorFunction } from './vector.ts';

/** Each function of the vectors, by the name that they give it. */
export const statFunctions: Readonly<Record<string, VectorFunction>> = {
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
};
