import { diskProblem } from '../../model/disk-problem.ts';
import { fail, ProblemError } from '../../model/errors.ts';

/** What was named cannot be taken in; nothing was. */
export function refuse(path: string, why: string, next: string): never {
  return fail({ code: 'artifact.refused', what: `${JSON.stringify(path)} cannot be registered`, why, touched: 'no', next });
}

/** What stands in the way of reading a file that was named, as a refusal; anything that is not the file's fault is passed on. */
export function refuseUnreadable(path: string, error: unknown): never {
  switch (errorCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return refuse(path, 'there is no such file or folder', 'look at the path');
    case 'EACCES':
    case 'EPERM':
      return refuse(path, 'this user may not read it', 'give this user the right to read it');
    case 'ELOOP':
      return refuse(path, 'it is a symbolic link', 'register what the link points to');
    default:
      throw error;
  }
}

/** A stored file is not what its name says. It is named and left as it is: the only copy of something may be in it. */
export function damaged(file: string, why: string): never {
  return fail({
    code: 'artifact.damaged',
    what: `${file} differs from its digest`,
    why,
    touched: 'no',
    next: 'move that file away and register the version again from its source',
  });
}

export function errorCode(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | null)?.code;
}

/** Turns what the file system says when it cannot be written into one of our errors; anything else is passed on unchanged. */
export function storageProblem(folder: string, error: unknown): unknown {
  const found = diskProblem(folder, error);
  return found ? new ProblemError(found, { cause: error }) : error;
}
