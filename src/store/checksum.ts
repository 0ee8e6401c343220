import { hash } from 'node:crypto';
import { ProblemError } from '../model/errors.ts';

/** SHA-256 over the values in order, each with its type and length, so that no two rows share a text. 32 hex digits are kept. */
export function checksumOf(values: readonly (string | number | null)[]): string {
  let whole = '';
  for (const value of values) {
    const text = value === null ? '' : String(value);
    whole += `${value === null ? 'n' : typeof value === 'number' ? 'd' : 's'}${Buffer.byteLength(text)}:${text};`;
  }
  return hash('sha256', whole, 'hex').slice(0, 32);
}

/** A row that differs from its checksum is named and never believed, nor written over. */
export function assertChecksum(row: string, values: readonly (string | number | null)[], checksum: string): void {
  if (checksumOf(values) === checksum) return;
  throw new ProblemError({
    code: 'registry.damaged',
    what: `${row} differs from its checksum`,
    why: 'the file was changed outside sofare, or the disk returned other bytes than were written',
    touched: 'no',
    next: 'restore the newest file of backup/ beside the database, or ask: sofare list',
  });
}
