import { hodgesLehmann } from '../../src/detect/fixed-sample/hodges-lehmann.ts';
import { mannWhitney } from '../../src/detect/fixed-sample/mann-whitney.ts';
import { clopperPearson, wilson } from '../../src/detect/fixed-sample/proportion-interval.ts';
import { fisherGreater, twoProportionsZ } from '../../src/detect/fixed-sample/two-proportions.ts';
import type { VectorFunction } from './vector.ts';

const alternatives = ['greater', 'less', 'two-sided'];

export const sampleFunctions: Readonly<Record<string, VectorFunction>> = {
  mannWhitney: {
    keys: ['x', 'y', 'alternative', 'continuity'],
    compute: ({ x, y, alternative, continuity }) => {
      if (!alternatives.includes(alternative)) throw new Error(`the alternative ${alternative} is unknown`);
      return { ...mannWhitney(x, y, alternative, continuity) };
    },
  },
  twoPropZ: {
    keys: ['x1', 'n1', 'x2', 'n2'],
    compute: ({ x1, n1, x2, n2 }) => {
      const { z, p } = twoProportionsZ({ bad: x1, of: n1 }, { bad: x2, of: n2 });
      return { z, pOneSided: p };
    },
  },
  fisherExact: { keys: ['table'], compute: ({ table }) => ({ pGreater: fisherGreater(table) }) },
  hodgesLehmann: { keys: ['x', 'y'], compute: ({ x, y }) => ({ estimate: hodgesLehmann(x, y) }) },
  wilson: {
    keys: ['x', 'n', 'conf'],
    compute: ({ x, n, conf }) => {
      const { low, high } = wilson(x, n, conf);
      return { lo: low, hi: high };
    },
  },
  clopperPearson: {
    keys: ['x', 'n', 'conf'],
    compute: ({ x, n, conf }) => {
      const { low, high } = clopperPearson(x, n, conf);
      return { lo: low, hi: high };
    },
  },
};
