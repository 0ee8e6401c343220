import type { Analysis } from './policy.ts';
import type { Weights } from './weights.ts';

/** What an operation is for. */
export type OperationKind = 'deploy' | 'promote' | 'abort' | 'rollback' | 'drill';

/** One frozen step. Its kind tells which fields of the world it owns. */
export type Step = WakeStep | ProveStep | RouteStep | BakeStep | PauseStep | AnalysisStep | PointStep | ConfirmStep;
export type StepKind = Step['kind'];

/** The version runs and is ready, with this many copies. */
export interface WakeStep {
  readonly kind: 'wake';
  readonly version: string;
  readonly copies: number;
  /** Longest time until it is so, where a policy says it. */
  readonly within?: number;
}

/** Every ready copy answers the golden requests of the service as it should, before it has traffic. */
export interface ProveStep {
  readonly kind: 'prove';
  readonly version: string;
}

/** Traffic has these weights. With `point`, the registry's pointer moves in the transaction that ends the step. */
export interface RouteStep {
  readonly kind: 'route';
  readonly weights: Weights;
  readonly point: string | null;
}

/** Time goes by while the version is watched: by the guard where `guarded`, else by its health alone. */
export interface BakeStep {
  readonly kind: 'bake';
  readonly version: string;
  readonly for: number;
  readonly guarded: boolean;
  /** No further share follows: a healthy verdict here promotes. */
  readonly last: boolean;
}

/** Time goes by at a share, watched for outright failure and by the analysis in the background. Null: until a person promotes. */
export interface PauseStep {
  readonly kind: 'pause';
  readonly version: string;
  readonly for: number | null;
}

/** Metrics are measured until they have passed, failed, or are undecided. */
export interface AnalysisStep {
  readonly kind: 'analysis';
  readonly version: string;
  readonly analysis: Analysis;
}

/** Only the registry's pointer moves: the implicit service of a registry. */
export interface PointStep {
  readonly kind: 'point';
  readonly version: string;
}

/** The endpoint itself says which version answers. */
export interface ConfirmStep {
  readonly kind: 'confirm';
  readonly version: string;
}

/** The state of the world a plan was made for. Any difference makes the plan stale. */
export interface PlannedFrom {
  readonly weights: Weights;
  readonly digests: Readonly<Record<string, string>>;
  readonly pointer: string | null;
  readonly fence: number;
  readonly operation: string | null;
  /** The claim that the record beside the target showed, see model/service-record. Absent where there is no record. */
  readonly record?: string;
}

export interface Plan {
  readonly service: string;
  readonly kind: OperationKind;
  /** The version being left (rollback, abort) or the one that held before (deploy, promote). Null at a first deploy. */
  readonly from: string | null;
  readonly to: string;
  readonly why: string;
  readonly steps: readonly Step[];
  readonly planned: PlannedFrom;
  readonly fingerprint: string;
  readonly notRolledBack: readonly string[];
  /** What the plan does without, and what it expects: gap, unfenced, traffic unknown. */
  readonly notes: readonly string[];
  /** Who goes on if this process dies. */
  readonly continues: string;
  /** Milliseconds to safe traffic and to verified; null where nothing is known. */
  readonly expected: { readonly safe: number; readonly verified: number } | null;
  /** The version named in --to: then no next-best target is ever taken. */
  readonly targetNamed: boolean;
  /** Made and carried out without the registry: why, as a sentence. Absent in the usual case. */
  readonly breakGlass?: string;
  /** Fresh copies of the stable version that stand beside the new one, to compare it with; stopped when the operation ends. */
  readonly fresh?: string;
  /** How long the copies of the version left are kept, in ms; null: for good. Absent: as the service says. */
  readonly keepLeft?: number | null;
  /** What a policy file says beside the steps. */
  readonly policy?: PlannedPolicy;
}

export interface PlannedPolicy {
  readonly file: string;
  /** Measured beside the steps from the one with this number on. */
  readonly background: { readonly fromStep: number; readonly analysis: Analysis } | null;
  /** A version that does not come up in time after traffic moved is taken back. */
  readonly progressDeadlineAbort: boolean;
  /** How long the copies of a version that was taken back are kept; null: for good. */
  readonly keptAfterAbort: number | null;
}

export function lastShare(plan: Plan): number {
  const routes = plan.steps.filter((step) => step.kind === 'route');
  return routes.at(-1)?.weights[plan.to] ?? (plan.steps.some((step) => step.kind === 'point') ? 100 : 0);
}
