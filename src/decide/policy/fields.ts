import { goDuration } from '../../detect/analysis/go-duration.ts';
import { nearest } from '../../registry/nearest.ts';
import type { Findings, Place } from './findings.ts';
import type { Located } from './located.ts';

/** Reads the fields of one map. What has the wrong type is found, and read as if it were not there. */
export interface Fields {
  readonly at: Place;
  has(name: string): boolean;
  place(name: string): Place;
  value(name: string): Located | null;
  text(name: string): string | null;
  integer(name: string): number | null;
  /** A number, or a part in percent such as `5%`. */
  number(name: string): number | null;
  boolean(name: string): boolean | null;
  /** As Go writes it: `1m30s`. */
  duration(name: string): number | null;
  list(name: string): readonly Located[];
  map(name: string): Located | null;
}

export interface Known {
  readonly read: readonly string[];
  /** Argo's other fields, each with what it would need here. */
  readonly refused?: Readonly<Record<string, string>>;
}

/** Opens a map whose fields are known. An unknown one is an error with the nearest name, a refused one says what it would need. */
export function fieldsOf(located: Located | null, what: string, known: Known, findings: Findings): Fields | null {
  if (!located) return null;
  if (located.kind !== 'map') {
    findings.error(located, `${what} is not a map of fields`);
    return null;
  }
  for (const [name, { at }] of located.fields) {
    const needs = known.refused && Object.hasOwn(known.refused, name) ? known.refused[name] : undefined;
    if (needs !== undefined) findings.error(at, `${what} has ${name}: ${needs}`);
    else if (!known.read.includes(name)) {
      const [close] = nearest([...known.read, ...Object.keys(known.refused ?? {})], name, 1);
      findings.error(at, `${what} has no field ${name}${close === undefined ? '' : `; did you mean ${close}?`}`);
    }
  }
  return reader(located, what, findings);
}

function reader(located: Extract<Located, { kind: 'map' }>, what: string, findings: Findings): Fields {
  const value = (name: string): Located | null => {
    const found = located.fields.get(name)?.value ?? null;
    return found?.kind === 'scalar' && found.value === null ? null : found;
  };
  const place = (name: string): Place => located.fields.get(name)?.at ?? located;
  const wrong = (name: string, wanted: string): null => {
    findings.error(place(name), `${name} of ${what} is not ${wanted}`);
    return null;
  };
  const scalar = (name: string): string | number | boolean | null => {
    const found = value(name);
    if (!found) return null;
    return found.kind === 'scalar' ? found.value : wrong(name, 'a single value');
  };
  return {
    at: located,
    has: (name) => value(name) !== null,
    place,
    value,
    text: (name) => {
      const found = scalar(name);
      return found === null ? null : typeof found === 'string' ? found : wrong(name, 'a text; put it in quotes');
    },
    integer: (name) => {
      const found = scalar(name);
      if (found === null) return null;
      const number = typeof found === 'string' && /^[+-]?\d+$/.test(found) ? Number(found) : found;
      return typeof number === 'number' && Number.isSafeInteger(number) ? number : wrong(name, 'a whole number');
    },
    number: (name) => {
      const found = scalar(name);
      if (found === null) return null;
      const [, amount, percent] = String(found).match(/^(\d+(?:\.\d+)?)\s*(%?)$/) ?? [];
      return amount === undefined ? wrong(name, 'a number, or a part such as 5%') : Number(amount) / (percent === '%' ? 100 : 1);
    },
    boolean: (name) => {
      const found = scalar(name);
      return found === null || typeof found === 'boolean' ? found : wrong(name, 'true or false');
    },
    duration: (name) => {
      const found = scalar(name);
      if (found === null || found === '') return null;
      const read = typeof found === 'string' ? goDuration(found) : 'a number needs a unit';
      if (typeof read === 'number' && read >= 0) return read;
      return wrong(name, `a duration such as 1m30s${typeof read === 'string' ? ` (${read})` : ''}`);
    },
    list: (name) => {
      const found = value(name);
      if (!found) return [];
      if (found.kind === 'list') return found.items;
      wrong(name, 'a list');
      return [];
    },
    map: (name) => {
      const found = value(name);
      return found === null || found.kind === 'map' ? found : wrong(name, 'a map of fields');
    },
  };
}

/** `pause.duration`: a number is seconds, a text seconds or a duration. Null: it is neither. */
export function pauseDuration(located: Located): number | null {
  if (located.kind !== 'scalar') return null;
  const { value } = located;
  if (typeof value === 'number') return value >= 0 ? value * 1_000 : null;
  if (typeof value !== 'string') return null;
  if (/^\d+$/.test(value)) return Number(value) * 1_000;
  const read = goDuration(value);
  return typeof read === 'number' && read >= 0 ? read : null;
}
