import { type Problem, ProblemError } from '../model/errors.ts';

interface PostgresError extends Error {
  /** SQLSTATE, or what the operating system says. */
  readonly code?: string;
}

/** What the connection is gone by, or was never made by: by the server's word or by the system's. */
const lostStates = new Set(['57P01', '57P02', '57P03', '57P05', '25P03', '53300']);
const lostCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
]);
const lostWords =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|Query read timeout)/;

/** The connection is gone or could not be made; what was asked may be asked again on another. */
export function isLost(error: unknown): boolean {
  const { code, message } = (error ?? {}) as Partial<PostgresError>;
  if (code !== undefined && (lostStates.has(code) || lostCodes.has(code) || code.startsWith('08'))) return true;
  return lostWords.test(message ?? '');
}

/** Another unit of work was in the way: nothing of this one stands, and it may be run again. */
export function isCrossed(error: unknown): boolean {
  const { code } = (error ?? {}) as Partial<PostgresError>;
  return code === '40001' || code === '40P01' || code === '55P03';
}

/** Turns what PostgreSQL or the way to it said into one of our errors; anything else is passed on unchanged. `place` holds no secret. */
export function postgresProblem(place: string, error: unknown): unknown {
  if (error instanceof ProblemError) return error;
  const found = explain(place, error as PostgresError);
  return found ? new ProblemError(found, { cause: error }) : error;
}

function explain(place: string, error: PostgresError): Problem | null {
  const why = error.message || String(error.code);
  if (isLost(error) || error.code === 'ENOTFOUND') {
    return {
      code: 'registry.unreachable',
      what: `${place} cannot be reached`,
      why,
      touched: 'unknown',
      next: 'try again when it answers; what was journalled goes on by: sofare resume',
    };
  }
  switch (error.code) {
    case '28P01':
    case '28000':
      return {
        code: 'registry.denied',
        what: `${place} lets nobody in by this user and password`,
        why,
        touched: 'no',
        next: 'mend the user and password in SOFARE_DATABASE_URL',
      };
    case '3D000':
      return {
        code: 'registry.missing',
        what: `there is no database at ${place}`,
        why,
        touched: 'no',
        next: 'createdb, with the name that stands in SOFARE_DATABASE_URL',
      };
    case '42501':
    case '25006':
      return {
        code: 'registry.read-only',
        what: `${place} cannot be written by this user`,
        why,
        touched: 'no',
        next: 'give this user the right to write, or name the primary server',
      };
    case '40001':
    case '40P01':
    case '55P03':
    case '57014':
      return {
        code: 'registry.busy',
        what: `${place} is busy`,
        why: `another unit of work is in the way for too long: ${why}`,
        touched: 'no',
        next: 'try again',
      };
    case '53100':
    case '53200':
      return {
        code: 'registry.full',
        what: `${place} cannot grow`,
        why,
        touched: 'no',
        next: 'free some space there and run the same command again; nothing was lost',
      };
    case '58030':
    case 'XX001':
    case 'XX002':
      return {
        code: 'registry.damaged',
        what: `${place} could not be read or written`,
        why,
        touched: 'unknown',
        next: "look at the server's log and disk first; then: sofare status",
      };
    case '22021':
    case '22P05':
      return {
        code: 'usage',
        what: 'a text holds a character that cannot be stored',
        why,
        touched: 'no',
        next: 'leave it out',
      };
    default:
      return null;
  }
}
