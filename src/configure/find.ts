import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fail } from '../model/errors.ts';
import type { Configuration } from './configuration.ts';
import type { Environment } from './environment.ts';
import { readConfiguration } from './read.ts';

const name = 'sofare.yaml';

export interface Search {
  /** The file of `-c`, or null. */
  readonly explicit: string | null;
  readonly directory: string;
  readonly environment: Environment;
  /** Who runs this: commands from a file of somebody else are not run. Null where users have no number. */
  readonly user: number | null;
}

/** The configuration in force: `-c`, then SOFARE_HOME, then upward from the working directory. Null: there is none. */
export function findConfiguration(search: Search): Configuration | null {
  const { explicit, directory, environment } = search;
  if (explicit !== null)
    return read(resolve(directory, explicit), 'by -c', search) ?? missing(resolve(directory, explicit), '-c names it');
  const home = environment['SOFARE_HOME'];
  if (home !== undefined && home !== '')
    return (
      read(join(resolve(home), name), 'by SOFARE_HOME', search) ??
      missing(join(resolve(home), name), 'SOFARE_HOME names its folder')
    );
  for (let folder = resolve(directory); ; folder = dirname(folder)) {
    const found = read(
      join(folder, name),
      folder === resolve(directory) ? 'in the working directory' : 'above the working directory',
      search,
    );
    if (found || folder === dirname(folder)) return found;
  }
}

function read(file: string, found: string, { environment, user }: Search): Configuration | null {
  let text: string;
  try {
    const { uid } = statSync(file);
    if (user !== null && uid !== user && uid !== 0) {
      fail({
        code: 'config.foreign-owner',
        what: `${file} belongs to another user`,
        why: 'it names commands, and those of another user are not run',
        touched: 'no',
        next: `chown it, or copy it to a file of your own and use -c`,
      });
    }
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'EACCES') return null;
    throw error;
  }
  return readConfiguration({ text: text.replace(/^\uFEFF/, ''), file, found, environment });
}

function missing(file: string, why: string): never {
  return fail({ code: 'config.missing', what: `there is no ${file}`, why, touched: 'no', next: 'sofare init' });
}
