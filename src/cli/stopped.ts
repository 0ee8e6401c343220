import type { ExitCode } from '../model/errors.ts';

/** A command that has told how it ended, and whose process must now end without writing anything more. */
export class Stopped extends Error {
  readonly exit: ExitCode;
  constructor(exit: ExitCode) {
    super('the disk failed after the command had ended');
    this.name = 'Stopped';
    this.exit = exit;
  }
}
