import type { SharedDatabase } from './configuration.ts';
import type { Environment } from './environment.ts';

/** What a registry that no configuration speaks of takes. */
export const usualLease = 30_000;

/** Where the rows are kept: the file's own line, then SOFARE_DATABASE_URL. Null: in a file of the registry's folder. */
export function databaseOf(line: string | undefined, lease: number, environment: Environment): SharedDatabase | null {
  const url = line ?? (environment['SOFARE_DATABASE_URL'] || null);
  return url === null ? null : { url, lease };
}

/** The database of a registry that no configuration speaks of. */
export function sharedDatabase(url: string | undefined): SharedDatabase | null {
  return url === undefined ? null : { url, lease: usualLease };
}

/** Whether an address, as it is written in the file, holds a password that is not taken from the environment. */
export function holdsPassword(written: unknown): boolean {
  if (typeof written !== 'string') return false;
  const [, password] = /^[a-z]+:\/\/[^/?#]*?:(.*)@/i.exec(written) ?? /[?&]password=([^&]*)/i.exec(written) ?? [];
  return password !== undefined && password.replaceAll(/\$\{[A-Za-z_][A-Za-z0-9_]*\}/g, '') !== '';
}
