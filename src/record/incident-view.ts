import type { Problem } from '../model/errors.ts';
import type { Decision } from '../model/evidence.ts';
import type { LabelReceipt } from '../model/hosting.ts';
import type { Weights } from '../model/observation.ts';
import type { OperationState, Trigger } from '../model/operation.ts';
import type { OperationKind } from '../model/plan.ts';
import type { IdentityGrade } from '../model/service.ts';
import type { ActionItem } from './action-items.ts';
import type { BundleDifference } from './bundle-difference.ts';
import type { Impact } from './impact.ts';
import type { Note } from './notes.ts';
import type { Series } from './series.ts';
import type { Takeover } from './takeovers.ts';
import type { TimelineEntry } from './happening.ts';

/**
 * open: the operation has not ended. mitigated: it ended verified. unverified: it ended, and the endpoint did not confirm it.
 * failed: it ended without taking anything back. superseded: another operation went on in its place.
 */
export type IncidentState = 'open' | 'mitigated' | 'unverified' | 'failed' | 'superseded';

/** taken-back: an operation brings the earlier version back. undecided: a guard's time was over and it moved nothing. */
export type IncidentKind = 'taken-back' | 'undecided';

/**
 * Everything that is known of an incident, read from journal and history. Times are milliseconds since the epoch, spans
 * milliseconds. What nobody knows is null, and what only a person can know is not here unless a note says it.
 */
export interface Incident {
  readonly number: number;
  /** `INC-12`. */
  readonly name: string;
  readonly service: string;
  readonly model: string;
  readonly kind: IncidentKind;
  readonly state: IncidentState;
  readonly openedAt: number;
  /** The version that was left, or that the guard could not decide about. */
  readonly from: string;
  /** The version that was gone back to, or that served beside it. Null where there was none. */
  readonly to: string | null;
  readonly served: boolean;
  readonly operation: IncidentOperation;
  /** What brought the version into production, oldest first. Empty where the history does not tell. */
  readonly takenBack: readonly IncidentOperation[];
  readonly trigger: Trigger;
  readonly evidence: IncidentEvidence | null;
  readonly milestones: Milestones;
  readonly times: Times;
  readonly impact: Impact;
  readonly timeline: readonly TimelineEntry[];
  readonly moved: Moved;
  readonly difference: BundleDifference | null;
  readonly marks: Marks;
  readonly notRolledBack: readonly string[];
  readonly planNotes: readonly string[];
  readonly actions: readonly ActionItem[];
  readonly notes: readonly Note[];
  readonly series: Series;
}

export interface IncidentOperation {
  readonly id: string;
  readonly kind: OperationKind;
  readonly state: OperationState;
  readonly from: string | null;
  readonly to: string;
  readonly actor: string;
  readonly reason: string;
  readonly createdAt: number;
  readonly endedAt: number | null;
  readonly verified: boolean | null;
  readonly problem: Problem | null;
  readonly supersededBy: string | null;
  readonly takeovers: readonly Takeover[];
}

/** What a guard had seen of the version when it decided, or when somebody else acted. */
export interface IncidentEvidence {
  readonly operation: string;
  /** decided: these are the numbers of the decision. standing: nobody decided on them. */
  readonly is: 'decided' | 'standing';
  readonly decision: Decision;
  readonly alpha: number;
  readonly tolerate: number;
  /** How many errors counted as one; absent: each did. */
  readonly dispersion?: number;
  /** Intervals that counted, and how long the guard watched. */
  readonly intervals: number;
  readonly watched: { readonly from: number; readonly to: number };
  /** What a decision would have needed and did not have, a sentence each; empty where it decided by evidence. */
  readonly lacking: readonly string[];
}

export interface Milestones {
  /** The operation that brought the version began. */
  readonly deployed: number | null;
  /** Its first share of the traffic (of a registry alone: the pointer) was recorded. */
  readonly exposed: number | null;
  /** The guard decided; null where a person acted without a verdict. */
  readonly detected: number | null;
  /** The operation that took it back was created. */
  readonly began: number | null;
  /** The move that made it safe was first attempted: it took effect between then and `safe`. */
  readonly moving: number | null;
  /** All traffic, or the pointer, was seen on the version gone back to. */
  readonly safe: number | null;
  /** The endpoint had confirmed that version. */
  readonly verified: number | null;
  readonly ended: number | null;
}

/** Spans between milestones that follow one another; null where one of them is missing, or the clock went back. */
export interface Times {
  /** exposed to detected. */
  readonly detect: number | null;
  /** detected to began. */
  readonly decide: number | null;
  /** began to safe. */
  readonly safe: number | null;
  /** safe to verified. */
  readonly verify: number | null;
  /** exposed to began, where nobody's verdict lies between. */
  readonly exposedBeforeCommand: number | null;
  /** exposed to verified; while that is not reached, to safe. */
  readonly duration: number | null;
  readonly durationUntil: 'verified' | 'safe' | null;
}

export interface Moved {
  readonly weights: { readonly before: Weights; readonly after: Weights | null };
  readonly pointer: { readonly before: string | null; readonly after: string | null };
  readonly copies: readonly { readonly version: string; readonly before: number | null; readonly after: number }[];
  readonly identity: { readonly grade: IdentityGrade; readonly copies: number; readonly requests: number } | null;
  readonly labels: LabelReceipt | null;
}

/** Hold and quarantine as the operation set them, and what became of them. */
export interface Marks {
  readonly held: boolean;
  readonly holdStands: boolean;
  readonly quarantined: boolean;
  readonly quarantineStands: boolean;
}
