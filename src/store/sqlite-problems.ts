import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Problem, ProblemError } from '../model/errors.ts';

interface SqliteError extends Error {
  readonly errcode?: number;
  readonly code?: string;
}

const busy = 5;
const locked = 6;

export function isBusy(error: unknown): boolean {
  const primary = primaryCode(error);
  return primary === busy || primary === locked;
}

/** Turns what SQLite or the file system said into one of our errors; anything else is passed on unchanged. */
export function databaseProblem(file: string, error: unknown): unknown {
  if (error instanceof ProblemError) return error;
  const found = explain(file, error as SqliteError);
  return found ? new ProblemError(found, { cause: error }) : error;
}

function explain(file: string, error: SqliteError): Problem | null {
  const why = error.message;
  switch (primaryCode(error)) {
    case busy:
    case locked:
      return {
        code: 'registry.busy',
        what: `${file} is locked`,
        why: 'another process has been writing for longer than ten seconds',
        touched: 'no',
        next: 'try again',
      };
    case 8:
      return readOnly(file, why);
    case 10:
      if (spaceLeft(file) === 0) return full(file, why);
      return {
        code: 'registry.damaged',
        what: `${file} could not be read or written`,
        why: `the disk reported an error: ${why}`,
        touched: 'unknown',
        next: 'look at the disk first; then: sofare status',
      };
    case 11:
    case 26:
      return {
        code: 'registry.damaged',
        what: `${file} is damaged`,
        why,
        touched: 'no',
        next: 'copy the newest file of backup/ beside it over it; nothing was written to it',
      };
    case 13:
      return full(file, why);
    case 14:
      return error.message.includes('unable to open') ? readOnly(file, why) : null;
    default:
      break;
  }
  switch (error.code) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return readOnly(file, why);
    case 'ENOSPC':
    case 'EDQUOT':
      return full(file, why);
    default:
      return null;
  }
}

function readOnly(file: string, why: string): Problem {
  return {
    code: 'registry.read-only',
    what: `${file} cannot be opened by this user`,
    why,
    touched: 'no',
    next: `give this user the right to write ${file} and its folder, or run as the user who owns them`,
  };
}

function full(file: string, why: string): Problem {
  return {
    code: 'registry.full',
    what: `${file} cannot grow`,
    why: `no space is left: ${why}`,
    touched: 'no',
    next: 'free some space and run the same command again; nothing was lost',
  };
}

/** Bytes that can still be written where the file lies; null where that cannot be told. SQLite says of a full disk often only that something failed. */
function spaceLeft(file: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(dirname(file));
    return bavail * bsize;
  } catch {
    return null;
  }
}

function primaryCode(error: unknown): number | null {
  const code = (error as SqliteError | null)?.errcode;
  return typeof code === 'number' ? code & 0xff : null;
}
