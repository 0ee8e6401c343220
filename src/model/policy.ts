import type { Metric } from './analysis.ts';

/** How a version comes into production, as a policy file says it. Durations in milliseconds. */
export interface RolloutPolicy {
  readonly name: string;
  readonly strategy: CanaryPolicy | BlueGreenPolicy;
  /** Longest time without progress while a version comes up. */
  readonly progressDeadline: number;
  /** Past it the version is taken back; else the operation waits for a person. */
  readonly progressDeadlineAbort: boolean;
  /** A version that served at most so many versions ago, and still runs, goes straight to all traffic. 0: off. */
  readonly rollbackWindow: number;
  /** How long the copies of a version that was taken back are kept; null: for good. */
  readonly keptAfterAbort: number | null;
}

export interface CanaryPolicy {
  readonly kind: 'canary';
  readonly steps: readonly PolicyStep[];
  readonly background: { readonly startingStep: number; readonly analysis: Analysis } | null;
  /** After the last step the version waits for a person. */
  readonly finalGate: boolean;
}

export interface BlueGreenPolicy {
  readonly kind: 'blueGreen';
  /** Copies of the version before it has traffic; null: as many as it will have. */
  readonly previewCopies: number | null;
  readonly before: Analysis | null;
  /** What stands between the analysis and all traffic: nothing, a time, or a person (null). */
  readonly pause: { readonly for: number | null } | null;
  readonly after: Analysis | null;
  /** How long the copies of the version before are kept; null: as the service says. */
  readonly keptBefore: number | null;
}

export type PolicyStep =
  | { readonly kind: 'setWeight'; readonly weight: number }
  | { readonly kind: 'pause'; readonly for: number | null }
  | { readonly kind: 'analysis'; readonly analysis: Analysis }
  | { readonly kind: 'setCanaryScale'; readonly copies: number | null; readonly percent: number | null };

/** What is measured together, its templates and arguments filled in. Secrets are still `${NAMES}`. */
export interface Analysis {
  readonly name: string;
  readonly metrics: readonly Metric[];
}

/** Something to say about a place in a policy file. */
export interface Finding {
  readonly level: 'error' | 'warning' | 'note';
  readonly line: number;
  readonly column: number;
  readonly what: string;
}
