import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { fail, type Problem, ProblemError } from '../model/errors.ts';
import type { Terminal } from './terminal.ts';

/** The text of a policy file. `carriedOut`: it may name commands, and those of another user are not run. */
export function policyText(terminal: Pick<Terminal, 'directory' | 'user'>, file: string, carriedOut: boolean): string {
  try {
    const { uid } = statSync(resolve(terminal.directory, file));
    if (carriedOut && terminal.user !== null && uid !== terminal.user && uid !== 0) fail(foreign(file));
    return readFileSync(resolve(terminal.directory, file), 'utf8');
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    return fail({
      code: 'policy.invalid',
      what: `${file} cannot be read`,
      why: code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : String(code),
      touched: 'no',
      next: 'name a file with a Rollout and its templates',
    });
  }
}

function foreign(file: string): Problem {
  return {
    code: 'config.foreign-owner',
    what: `${file} belongs to another user`,
    why: 'a policy may name commands, and those of another user are not run',
    touched: 'no',
    next: 'copy it to a file of your own',
  };
}
