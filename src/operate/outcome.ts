import { type ExitCode, exit, exitCodeOf, type Problem } from '../model/errors.ts';
import type { Operation } from '../model/operation.ts';
import type { Plan } from '../model/plan.ts';

/** How a changing command ended. */
export type Outcome =
  /** Nothing had to be done; the sentence says why. `operation` is the one that stands for it, if any. */
  | { readonly kind: 'nothing'; readonly why: string; readonly operation: Operation | null }
  /** The plan was shown and not agreed to, or only asked for. */
  | { readonly kind: 'planned'; readonly plan: Plan }
  | { readonly kind: 'ran'; readonly operation: Operation; readonly by: Operation | null };

/**
 * The exit code of an outcome. `by` is the operation that superseded the one asked for, or acted on its verdict:
 * then its end decides, and a verified one that took the version back is 8.
 */
export function exitOf(outcome: Outcome): ExitCode {
  switch (outcome.kind) {
    case 'nothing':
      return outcome.operation?.verified === false ? exit.unverified : exit.done;
    case 'planned':
      return exit.pending;
    case 'ran':
      return outcome.by ? exitOfFollower(outcome.operation, outcome.by) : exitOfOperation(outcome.operation);
  }
}

function exitOfFollower(asked: Operation, by: Operation): ExitCode {
  if (by.state !== 'completed') return by.state === 'stuck' ? exit.stuck : exit.interrupted;
  if (by.verified === false) return exit.unverified;
  return by.plan.to === asked.plan.to ? exit.done : exit.takenBack;
}

export function exitOfOperation(operation: Operation): ExitCode {
  switch (operation.state) {
    case 'completed':
      return operation.verified === false ? exit.unverified : exit.done;
    case 'open':
      return operation.problem ? exitCodeOf(operation.problem) : exit.done;
    case 'failed':
      return operation.problem ? exitCodeOf(operation.problem) : exit.notReady;
    case 'stuck':
      return exit.stuck;
    case 'abandoned':
    case 'running':
    case 'superseded':
      return exit.interrupted;
  }
}

/** The problem that a screen has to show, or null when all is well. */
export function problemOf(outcome: Outcome): Problem | null {
  if (outcome.kind !== 'ran') return null;
  return outcome.by?.problem ?? outcome.operation.problem;
}
