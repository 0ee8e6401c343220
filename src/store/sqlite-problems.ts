import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { diskFailed, diskProblem } from '../model/disk-problem.ts';
import { type Problem, ProblemError } from '../model/errors.ts';

interface SqliteError extends Error {
  readonly errcode?: number;
  readonly code?: string;
}

const busy = 5;
const locked = 6;
/** SQLITE_IOERR_FSYNC and SQLITE_IOERR_DIR_FSYNC. */
const unsynced = [1034, 1290];

export function isBusy(error: unknown): boolean {
  const primary = primaryCode(error);
  return primary === busy || primary === locked;
}

/** The disk did not make durable what had been written to it. */
export function isUnsynced(error: unknown): boolean {
  return unsynced.includes((error as SqliteError | null)?.errcode ?? 0);
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
      return spaceLeft(file) === 0 ? full(file, why) : diskFailed(file, why);
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
      if (!mayWriteBeside(file)) return readOnly(file, why);
      return spaceLeft(file) === 0 ? full(file, why) : diskFailed(file, why);
    default:
      break;
  }
  return diskProblem(file, error);
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

/** SQLite says that it cannot open a file for want of the right and for a disk that fails alike. */
function mayWriteBeside(file: string): boolean {
  try {
    accessSync(dirname(file), constants.W_OK);
    if (existsSync(file)) accessSync(file, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function primaryCode(error: unknown): number | null {
  const code = (error as SqliteError | null)?.errcode;
  return typeof code === 'number' ? code & 0xff : null;
}
