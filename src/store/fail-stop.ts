import { diskUnsynced } from '../model/disk-problem.ts';
import { ProblemError } from '../model/errors.ts';
import { databaseProblem, isBusy, isUnsynced } from './sqlite-problems.ts';

/**
 * Every call on a database goes through here. Once the disk could not make durable what was written, nobody knows what it holds, and
 * asking again would be answered with yes: then this process neither reads nor writes the database any more, nor even closes it.
 */
export class FailStop {
  readonly #file: string;
  #cause: ProblemError | null = null;

  constructor(file: string) {
    this.#file = file;
  }

  get stopped(): boolean {
    return this.#cause !== null;
  }

  /** Fails in words. A busy database is left to whoever waits for it. */
  told<Result>(work: () => Result): Result {
    if (this.#cause) throw this.#cause;
    try {
      return work();
    } catch (error) {
      if (isUnsynced(error)) {
        this.#cause = new ProblemError(diskUnsynced(this.#file, (error as Error).message), { cause: error });
        throw this.#cause;
      }
      throw isBusy(error) ? error : databaseProblem(this.#file, error);
    }
  }
}
