/**
 * What an expression computes with. Integers are bigint, so that they and floats cannot be mistaken for each other; maps are Map,
 * so that no name leads to a prototype. Times in milliseconds since the epoch, durations in nanoseconds.
 */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | readonly Value[]
  | ReadonlyMap<string, Value>
  | { readonly time: number }
  | { readonly duration: bigint };

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isMap(value: Value): value is ReadonlyMap<string, Value> {
  return value instanceof Map;
}

export function isTime(value: Value): value is { readonly time: number } {
  return typeof value === 'object' && value !== null && 'time' in value;
}

export function isDuration(value: Value): value is { readonly duration: bigint } {
  return typeof value === 'object' && value !== null && 'duration' in value;
}

export function isNumeric(value: Value): value is bigint | number {
  return typeof value === 'bigint' || typeof value === 'number';
}

/** As Go names its type. */
export function kindOf(value: Value): string {
  if (value === null) return '<nil>';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float64';
  if (typeof value === 'string') return 'string';
  if (isList(value)) return 'array';
  return isMap(value) ? 'map[string]interface {}' : isTime(value) ? 'time.Time' : 'time.Duration';
}

const smallest = -(2n ** 63n);

/** Towards zero, in 64 bits. What is no number becomes the smallest, as on the machines Argo runs on. */
export function truncated(value: number): bigint {
  if (!Number.isFinite(value) || Math.abs(value) >= 2 ** 63) return smallest;
  return BigInt(Math.trunc(value));
}

/** What JSON holds, in this language's values: every number a float. */
export function fromJson(document: unknown): Value {
  if (document === null || document === undefined) return null;
  if (typeof document === 'boolean' || typeof document === 'number' || typeof document === 'string') return document;
  if (Array.isArray(document)) return document.map(fromJson);
  return new Map(Object.entries(document).map(([key, value]) => [key, fromJson(value)]));
}
