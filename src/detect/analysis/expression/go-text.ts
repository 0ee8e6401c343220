import { isDuration, isList, isMap, isTime, type Value } from './values.ts';

/** A value as Go prints it with %v. */
export function goText(value: Value): string {
  if (value === null) return '<nil>';
  if (typeof value === 'number') return goFloat(value);
  if (isList(value)) return `[${value.map(goText).join(' ')}]`;
  if (isMap(value))
    return `map[${[...value]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, each]) => `${key}:${goText(each)}`)
      .join(' ')}]`;
  if (isTime(value)) return new Date(value.time).toISOString();
  if (isDuration(value)) return `${Number(value.duration) / 1e9}s`;
  return String(value);
}

/** A float as Go writes it: shortest form, an exponent of two digits from 1e21 on and below 1e-4. */
export function goFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const size = Math.abs(value);
  if (size >= 1e-4 && size < 1e21) return String(value);
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}
