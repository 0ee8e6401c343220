import type { Problem } from './errors.ts';

/**
 * What the file system said when something at `place` could not be written, as one of our errors, when nothing came of it; null: it
 * was not the disk.
 */
export function diskProblem(place: string, error: unknown): Problem | null {
  const { code, message: why = '' } = (error ?? {}) as { readonly code?: string; readonly message?: string };
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return {
        code: 'registry.full',
        what: `${place} cannot grow`,
        why: `no space is left: ${why}`,
        touched: 'no',
        next: 'free some space and run the same command again; nothing was lost',
      };
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return {
        code: 'registry.read-only',
        what: `${place} cannot be written`,
        why,
        touched: 'no',
        next: 'run as the user who owns it, or give this user the right to write it',
      };
    case 'EIO':
    case 'ENXIO':
    case 'ENODEV':
    case 'ESTALE':
      return diskFailed(place, why);
    default:
      return null;
  }
}

export function diskFailed(place: string, why: string): Problem {
  return {
    code: 'disk.failed',
    what: `the disk failed at ${place}`,
    why: `it reported an error: ${why}`,
    touched: 'no',
    next: 'look at the disk (dmesg), then run the same command again; nothing was lost',
  };
}

/** What was written may hold or not: a disk that once said no forgets what it was to keep, and says yes when it is asked again. */
export function diskUnsynced(place: string, why: string): Problem {
  return {
    code: 'disk.unsynced',
    what: `the disk could not make durable what was written to ${place}`,
    why: `${why}; it is not asked again, since a second answer would be worth nothing`,
    touched: 'unknown',
    next: 'look at the disk (dmesg), then: sofare status',
  };
}
