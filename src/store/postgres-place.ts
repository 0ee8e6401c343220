import { fail } from '../model/errors.ts';

/** Where a database is, as it may be shown: without user, password and parameters. Refuses what is no address of one. */
export function placeOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const name = parsed?.pathname.slice(1) ?? '';
  if (!parsed || !['postgres:', 'postgresql:'].includes(parsed.protocol) || name === '') {
    return fail({
      code: 'config.invalid',
      what: 'the database is not given as sofare reads it',
      why: 'wanted: postgres://USER:PASSWORD@HOST:PORT/NAME',
      touched: 'no',
      next: 'mend `database` in sofare.yaml, or SOFARE_DATABASE_URL',
    });
  }
  return `postgres://${parsed.host || (parsed.searchParams.get('host') ?? 'localhost')}/${name}`;
}
