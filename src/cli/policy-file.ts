import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fail } from '../model/errors.ts';
import type { Terminal } from './terminal.ts';

/** The text of a policy file. */
export function policyText(terminal: Pick<Terminal, 'directory'>, file: string): string {
  try {
    return readFileSync(resolve(terminal.directory, file), 'utf8');
  } catch (error) {
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
