import { ProblemError } from '../model/errors.ts';
import { hasEnded, type Operation } from '../model/operation.ts';
import { advertise } from './advertise.ts';
import type { Engine } from './engine.ts';

/**
 * Tells the record how an operation rests, so that no supervisor goes on with what has ended, waits for a person or is stuck. Its
 * end is committed by now: a record that cannot be reached makes nothing of that untrue, and is mended by the next who looks.
 */
export async function advertiseRest(engine: Engine, operation: Operation, signal: AbortSignal): Promise<void> {
  try {
    await advertise(engine, operation, signal);
  } catch (error) {
    if (!(error instanceof ProblemError) || !passing.includes(error.problem.code)) throw error;
    // What waits or is stuck would wait for nothing: somebody else has the service by now.
    if (error.problem.code === 'superseded' && !hasEnded(operation.state)) throw error;
  }
}

const passing: readonly string[] = ['target.unreachable', 'outcome.unknown', 'superseded'];
