import { ProblemError } from '../model/errors.ts';

/**
 * A COMMIT was sent, its answer lost, and nobody could be asked whether it took effect. Whoever meets this knows no longer what the rows
 * say, so nothing is tried again from what it remembers. `place` holds no secret.
 */
export class UnknownCommit extends ProblemError {
  constructor(place: string, cause: unknown) {
    super(
      {
        code: 'outcome.unknown',
        what: `it is not known whether ${place} kept the last change`,
        why: 'the connection was lost while it was being committed, and nothing answers there since',
        touched: 'unknown',
        next: 'sofare status, when it answers again',
      },
      { cause },
    );
    this.name = 'UnknownCommit';
  }
}
