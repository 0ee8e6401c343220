import type { AnalysisPhase } from '../model/analysis.ts';
import type { Problem } from '../model/errors.ts';
import type { Decision, MetricName } from '../model/evidence.ts';
import type { Weights } from '../model/observation.ts';
import type { OperationState, Trigger } from '../model/operation.ts';
import type { OperationKind, StepKind } from '../model/plan.ts';
import type { IdentityGrade } from '../model/service.ts';
import type { Counted } from './impact.ts';
import type { Takeover } from './takeovers.ts';

export interface TimelineEntry {
  readonly at: number;
  /** Who or what did it, as claimed. */
  readonly actor: string;
  /** Null for what no operation did. */
  readonly operation: string | null;
  readonly happening: Happening;
}

/** What happened, without words. Not each interval and not each step: what somebody would ask about afterwards. */
export type Happening =
  | {
      readonly what: 'began';
      readonly kind: OperationKind;
      readonly from: string | null;
      readonly to: string;
      readonly reason: string;
      readonly trigger: Trigger;
    }
  | ({ readonly what: 'taken-over' } & Omit<Takeover, 'at'>)
  | { readonly what: 'ready'; readonly version: string; readonly copies: number }
  | { readonly what: 'routed'; readonly weights: Weights; readonly safe: string | null }
  | { readonly what: 'pointed'; readonly version: string }
  | { readonly what: 'watching'; readonly version: string; readonly alpha: number }
  | {
      readonly what: 'first-bad';
      readonly metric: MetricName;
      readonly bad: Counted;
      readonly stable: Counted;
      readonly tolerate: number;
    }
  | { readonly what: 'crossed'; readonly metric: MetricName; readonly logE: number; readonly bar: number }
  /** A measurement of a policy that was no success. */
  | { readonly what: 'measured'; readonly metric: string; readonly phase: AnalysisPhase; readonly value: string }
  | { readonly what: 'decided'; readonly action: Decision['action']; readonly because: string }
  | { readonly what: 'attempt-failed'; readonly step: StepKind; readonly times: number; readonly problem: Problem }
  | { readonly what: 'replanned'; readonly to: string; readonly because: string }
  | { readonly what: 'opened'; readonly version: string }
  | {
      readonly what: 'verified';
      readonly version: string;
      readonly grade: IdentityGrade;
      readonly copies: number;
      readonly requests: number;
    }
  | {
      readonly what: 'ended';
      readonly kind: OperationKind;
      readonly state: OperationState;
      readonly verified: boolean | null;
      readonly problem: Problem | null;
      readonly by: string | null;
    }
  | { readonly what: 'marked'; readonly mark: 'hold' | 'quarantine'; readonly version: string | null; readonly because: string }
  | { readonly what: 'lifted'; readonly mark: 'hold' | 'quarantine'; readonly version: string | null; readonly because: string }
  | { readonly what: 'judged'; readonly version: string; readonly as: 'baked' | 'regressed'; readonly because: string }
  | { readonly what: 'note'; readonly text: string };
