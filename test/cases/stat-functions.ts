import { driftFunctions } from './stat-functions-drift.ts';
import { sampleFunctions } from './stat-functions-sample.ts';
import { sequentialFunctions } from './stat-functions-sequential.ts';
import type { VectorFunction } from './vector.ts';

/** Each function of the vectors, by the name that they give it. */
export const statFunctions: Readonly<Record<string, VectorFunction>> = {
  ...sequentialFunctions,
  ...driftFunctions,
  ...sampleFunctions,
};
