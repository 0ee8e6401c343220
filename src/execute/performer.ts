import type { Problem } from '../model/errors.ts';
import type { Decision } from '../model/evidence.ts';
import type { Operation, StepResult } from '../model/operation.ts';
import type { Step } from '../model/plan.ts';
import type { Transacted } from '../store/store.ts';
import type { Engine } from './engine.ts';

/** What a step sees while it is done. */
export interface StepContext {
  readonly engine: Engine;
  readonly operation: Operation;
  readonly step: number;
  /** The same at every attempt of this step by this operation. */
  readonly key: string;
  readonly fence: number;
  readonly signal: AbortSignal;
}

/**
 * How one kind of step is done.
 * effect: declares a wanted state and reads the world back until it is so.
 * watch: looks on for a while and says what came of it.
 * record: changes nothing but rows; all of it happens in the transaction that ends the step.
 */
export type StepPerformer<Kind extends Step = Step> = EffectPerformer<Kind> | WatchPerformer<Kind> | RecordPerformer<Kind>;

export interface EffectPerformer<Kind extends Step> {
  readonly does: 'effect';
  /** Longest time from the first attempt to the wanted state, in milliseconds. */
  within(step: Kind, context: StepContext): number;
  /** The wanted value of the fields that the step owns. */
  wanted(step: Kind, context: StepContext): unknown;
  observe(step: Kind, context: StepContext): Promise<Observed>;
  apply(step: Kind, context: StepContext): Promise<void>;
  /** Waits for a hint that the world changed, at most this many milliseconds. */
  settle(step: Kind, context: StepContext, atMost: number): Promise<void>;
  /** After the world is as wanted and before the step ends: what the registry must be told. Never fails the step. */
  gather?(step: Kind, context: StepContext): Promise<StepResult>;
  /** In the transaction that ends the step. */
  finish?(transaction: Transacted, at: number, step: Kind, context: StepContext, result: StepResult): Promise<void>;
}

/** A reading of the fields that a step owns. */
export interface Observed {
  readonly value: unknown;
  /** wanted: as it should be. own: before, wanted or on the way between them, so ours to write. foreign: somebody else's value. */
  readonly is: 'wanted' | 'own' | 'foreign';
  /**
   * Others write these fields too, and a write of ours is read at once: read after one was acknowledged, this value is somebody else's
   * answer to it.
   */
  readonly undoes?: boolean;
  /** Who else is known to write them. */
  readonly by?: readonly string[];
  /** How long a wanted value has to stand before it is believed, in ms: somebody is known to put his own back by himself. */
  readonly standsFor?: number;
  /** The world gave up; waiting longer will not help. */
  readonly failed: Problem | null;
}

export interface WatchPerformer<Kind extends Step> {
  readonly does: 'watch';
  watch(step: Kind, context: StepContext): Promise<Watched>;
  finish?(transaction: Transacted, at: number, step: Kind, context: StepContext, result: StepResult): Promise<void>;
}

export type Watched =
  | { readonly kind: 'passed'; readonly result: StepResult }
  | { readonly kind: 'failed'; readonly problem: Problem }
  /** Seen, but not confirmed: the operation goes on and ends unverified. */
  | { readonly kind: 'unconfirmed'; readonly problem: Problem; readonly result: StepResult }
  /** A verdict was journalled; what follows from it is another operation's work. */
  | { readonly kind: 'decided'; readonly decision: Decision }
  /** Undecided and paused: the deploy stays open. Already journalled. */
  | { readonly kind: 'paused'; readonly problem: Problem };

export interface RecordPerformer<Kind extends Step> {
  readonly does: 'record';
  finish(transaction: Transacted, at: number, step: Kind, context: StepContext): Promise<StepResult>;
}
