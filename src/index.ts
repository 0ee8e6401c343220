export { ModelVersionManager, type ManagerOptions, type NewRelease } from './model-version-manager.ts';
export { type ExitCode, exit, type Problem, type ProblemCode, ProblemError, problemCodes, type Touched } from './model/errors.ts';
export type { Artifact, Bundle, ModelVersion, ReferencedArtifact, StoredArtifact, VersionStatus } from './model/version.ts';
export type { Comparison, Difference, MetricDifference } from './registry/compare.ts';
export type { BumpAnswer, VersionBump } from './registry/version-bump.ts';
