import type { AnalysisRun } from './analysis.ts';
import type { Decision, GuardPolicy, GuardState, Interval } from './evidence.ts';
import type { Problem } from './errors.ts';
import type { Weights } from './weights.ts';
import type { CountersReading } from './hosting.ts';
import type { OperationKind, Plan, Step } from './plan.ts';
import type { IdentityGrade } from './service.ts';

/**
 * running: has an owner, alive or not. open: a deploy under 100 % that waits without a process. stuck: parked until a person acts.
 * These three hold the lane of the service. The rest have ended.
 */
export type OperationState = 'running' | 'open' | 'stuck' | 'completed' | 'failed' | 'superseded' | 'abandoned';

/** Who or what asked for the operation. */
export type Trigger =
  | { readonly kind: 'person'; readonly command: string }
  | { readonly kind: 'guard'; readonly operation: string; readonly decision: Decision }
  | { readonly kind: 'bake'; readonly because: string };

/** What happens to an operation, in the order of the journal. */
export type OperationEvent =
  | { readonly kind: 'created'; readonly plan: Plan; readonly owner: string; readonly fence: number; readonly trigger: Trigger }
  | {
      readonly kind: 'claimed';
      readonly owner: string;
      readonly fence: number;
      readonly because: string;
      /** The claim on the record that this one was made over. */
      readonly over?: string;
    }
  | {
      readonly kind: 'intended';
      readonly step: number;
      readonly attempt: number;
      readonly before: unknown;
      readonly wanted: unknown;
    }
  | { readonly kind: 'attempt-failed'; readonly step: number; readonly attempt: number; readonly problem: Problem }
  | { readonly kind: 'step-done'; readonly step: number; readonly result: StepResult }
  /** `done`: so many of its steps are done already; absent: none is. */
  | { readonly kind: 'replanned'; readonly plan: Plan; readonly because: string; readonly done?: number }
  | { readonly kind: 'extended'; readonly steps: readonly Step[] }
  | { readonly kind: 'opened' }
  | {
      readonly kind: 'guarded';
      readonly step: number;
      readonly policy: GuardPolicy;
      readonly state: GuardState;
      readonly reading: CountersReading;
      readonly until: number;
      /** When it began to wait for the first counters, where none came. */
      readonly since?: number;
    }
  | {
      readonly kind: 'evidence';
      readonly interval: Interval;
      readonly state: GuardState;
      readonly reading: CountersReading;
      readonly summary: EvidenceSummary;
    }
  | { readonly kind: 'measured'; readonly canary: CanaryRun }
  | { readonly kind: 'decided'; readonly decision: Decision }
  | { readonly kind: 'paused'; readonly problem: Problem }
  | { readonly kind: 'completed'; readonly verified: boolean; readonly problem: Problem | null }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'stuck'; readonly problem: Problem }
  | { readonly kind: 'superseded'; readonly by: string }
  | { readonly kind: 'abandoned'; readonly actor: string; readonly reason: string };

/** The few numbers of an interval that a chart needs. */
export interface EvidenceSummary {
  readonly weights: Weights;
  readonly logE: number;
}

export interface StepResult {
  readonly weights?: Weights;
  readonly counters?: Readonly<Record<string, number>>;
  readonly identity?: { readonly grade: IdentityGrade; readonly copies: number; readonly requests: number };
  readonly note?: string;
}

type EventKind = OperationEvent['kind'];

/** What has ended is taken up by nobody here: only the record tells that another database, which had not heard of the end, did. */
const takenUp = { claimed: 'running' } as const;

/** THE transition table. An event that is not in the row of a state is illegal there, at run time and when the journal is read back. */
export const operationTransitions: Readonly<Record<OperationState, Readonly<Partial<Record<EventKind, OperationState>>>>> = {
  running: {
    'claimed': 'running',
    'intended': 'running',
    'attempt-failed': 'running',
    'step-done': 'running',
    'replanned': 'running',
    'extended': 'running',
    'opened': 'open',
    'guarded': 'running',
    'evidence': 'running',
    'measured': 'running',
    'decided': 'running',
    'paused': 'open',
    'completed': 'completed',
    'failed': 'failed',
    'stuck': 'stuck',
    'superseded': 'superseded',
    'abandoned': 'abandoned',
  },
  open: { claimed: 'running', superseded: 'superseded', abandoned: 'abandoned' },
  stuck: { claimed: 'running', superseded: 'superseded', abandoned: 'abandoned' },
  completed: takenUp,
  failed: takenUp,
  superseded: takenUp,
  abandoned: takenUp,
};

export function nextState(state: OperationState | null, event: OperationEvent): OperationState | null {
  if (state === null) return event.kind === 'created' ? 'running' : null;
  return operationTransitions[state][event.kind] ?? null;
}

export const laneHolding: readonly OperationState[] = ['running', 'open', 'stuck'];

export function hasEnded(state: OperationState): boolean {
  return !laneHolding.includes(state);
}

/** A guard under way: what it judges by, what it has seen, and the counters it last read, so that a successor goes on from there. */
export interface GuardRun {
  readonly step: number;
  readonly startedAt: number;
  readonly policy: GuardPolicy;
  readonly state: GuardState;
  readonly reading: CountersReading;
  readonly until: number;
}

/** A pause or an analysis of a policy under way, so that a successor goes on from there. */
export interface CanaryRun {
  /** The step it belongs to; -1: none any more. */
  readonly step: number;
  readonly since: number;
  /** The analysis of the step; null in a pause. */
  readonly inline: AnalysisRun | null;
  /** The analysis beside the steps; null until it begins. */
  readonly background: AnalysisRun | null;
  /** The counters of the traffic path at the last measurement that looked at them. */
  readonly counters: CountersReading | null;
  /** What the metrics that judge by evidence have seen, by place and name. */
  readonly guards?: Readonly<Record<string, GuardedMetric>>;
}

/** One metric that judges by evidence: enough for a successor to go on. */
export interface GuardedMetric {
  readonly policy: GuardPolicy;
  readonly state: GuardState;
  /** When the newest interval was consumed, by the time of its step. */
  readonly heardAt: number | null;
  /** Up to here everything was consumed. */
  readonly reading: CountersReading;
}

/** An operation as its journal tells it. */
export interface Operation {
  readonly id: string;
  readonly service: string;
  readonly kind: OperationKind;
  readonly state: OperationState;
  readonly plan: Plan;
  readonly trigger: Trigger;
  readonly actor: string;
  readonly reason: string;
  /** `host/boot/pid/start`, see ports/processes. Null while nobody runs it. */
  readonly owner: string | null;
  readonly owners: readonly string[];
  readonly fence: number;
  /** What the record beside the target showed when this fence was claimed: whoever finds another claim there was too late. */
  readonly over?: string;
  readonly createdAt: number;
  readonly endedAt: number | null;
  readonly stepsDone: number;
  /** The intent of the step under way, or null between steps. */
  readonly intent: { readonly step: number; readonly attempt: number; readonly before: unknown; readonly wanted: unknown } | null;
  readonly results: readonly StepResult[];
  readonly guard: GuardRun | null;
  readonly canary?: CanaryRun | null;
  readonly decision: Decision | null;
  readonly verified: boolean | null;
  readonly problem: Problem | null;
  readonly supersededBy: string | null;
}
