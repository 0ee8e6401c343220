import { argoAnalysis } from './argo-analysis.ts';
import { statVectors } from './stat-vectors.ts';
import type { Suite } from './suite.ts';

/** Every file of cases there is. */
export const suites: readonly Suite[] = [argoAnalysis, statVectors];
