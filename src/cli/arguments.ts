import { checkNames } from '../decide/checks.ts';
import { fail } from '../model/errors.ts';

/** Reads `[SERVICE@]VERSION`. */
export function serviceAndVersion(text: string): { readonly service: string | null; readonly version: string } {
  const at = text.indexOf('@');
  return at < 0 ? { service: null, version: text } : { service: text.slice(0, at), version: text.slice(at + 1) };
}

/** Reads `10,50,100`: rising shares from above 0 up to 100. */
export function sharesFrom(text: unknown): readonly number[] {
  if (text === undefined) return [100];
  const shares = String(text)
    .split(',')
    .map((part) => Number(part.trim().replace(/%$/, '')));
  const rising = shares.every((share, position) => share > (shares[position - 1] ?? 0) && share <= 100);
  if (shares.length > 0 && rising) return shares;
  return fail({
    code: 'usage',
    what: `--steps ${String(text)} is not a list of rising shares`,
    why: 'each is a percentage of the version moved to, above the one before and at most 100',
    touched: 'no',
    next: '--steps 10,50,100',
  });
}

export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

export function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

export function overridesOf(value: unknown): readonly string[] {
  const names = listOf(value);
  const wrong = names.find((name) => !(checkNames as readonly string[]).includes(name));
  if (wrong !== undefined)
    fail({
      code: 'usage',
      what: `there is no check ${wrong}`,
      why: `the checks are ${checkNames.join(', ')}`,
      touched: 'no',
      next: 'name the check that refused',
    });
  return names;
}

/** Reads a count from 1 up. */
export function countOf(value: unknown, otherwise: number): number {
  if (value === undefined) return otherwise;
  const count = Number(value);
  if (Number.isInteger(count) && count > 0) return count;
  return fail({
    code: 'usage',
    what: `${String(value)} is not a count`,
    why: 'a whole number from 1 up is wanted',
    touched: 'no',
    next: '-n 20',
  });
}

/** Reads `NAME=VALUE` pairs. */
export function pairsOf(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    listOf(value).map((pair) => {
      const at = pair.indexOf('=');
      if (at > 0) return [pair.slice(0, at), pair.slice(at + 1)];
      return fail({
        code: 'usage',
        what: `${pair} has no value`,
        why: 'NAME=VALUE is wanted',
        touched: 'no',
        next: 'threshold=0.5',
      });
    }),
  );
}

export function numbersOf(value: unknown): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(pairsOf(value)).map(([name, text]) => {
      const number = Number(text);
      if (text.trim() !== '' && Number.isFinite(number)) return [name, number];
      return fail({
        code: 'usage',
        what: `the metric ${name} is ${text}`,
        why: 'a metric is a finite number',
        touched: 'no',
        next: `${name}=0.93`,
      });
    }),
  );
}

/** Reads a time: ISO 8601, or a duration ago such as 3d. */
export function timeOf(text: string, now: number, duration: (text: string) => number | null): number {
  const ago = duration(text);
  if (ago !== null) return now - ago;
  const at = Date.parse(text);
  if (Number.isFinite(at)) return at;
  return fail({
    code: 'usage',
    what: `${text} is not a time`,
    why: 'ISO 8601 is wanted, or how long ago',
    touched: 'no',
    next: '2026-11-20T14:00:00Z, or 3d',
  });
}
