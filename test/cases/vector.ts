/** A vector of `stat-vectors.json`: what a function must give for an input. */
export interface Vector {
  readonly id: string;
  readonly fn: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly expected: Readonly<Record<string, unknown>>;
  readonly relTol: number;
}

/** A function under its name in the file: from the values of its keys, all of which it knows, to the values that it can be asked for. */
export interface VectorFunction {
  readonly keys: readonly string[];
  // biome-ignore lint/suspicious/noExplicitAny: the file's values are what its `functions` part says they are
  readonly compute: (input: any) => Readonly<Record<string, unknown>>;
}

/** Why a vector fails; null: it passes. */
export function failureOf(vector: Vector, functions: Readonly<Record<string, VectorFunction>>): string | null {
  const known = Object.hasOwn(functions, vector.fn) ? functions[vector.fn] : undefined;
  if (!known) return `the function ${vector.fn} is unknown`;
  const asked = Object.keys(vector.input);
  const strange = [...asked.filter((key) => !known.keys.includes(key)), ...known.keys.filter((key) => !asked.includes(key))];
  if (strange.length > 0) return `the input keys of ${vector.fn} are not ${strange.join(', ')}`;
  const wanted = Object.entries(vector.expected);
  if (wanted.length === 0) return 'nothing is expected';
  const found = known.compute(vector.input);
  for (const [key, value] of wanted) {
    if (!Object.hasOwn(found, key)) return `${vector.fn} gives no ${key}`;
    if (!close(found[key], value, vector.relTol))
      return `${key} is ${JSON.stringify(found[key])}, expected ${JSON.stringify(value)}`;
  }
  return null;
}

/** |a - e| <= max(relTol * |e|, 1e-12), number by number. */
function close(found: unknown, expected: unknown, relative: number): boolean {
  if (Array.isArray(expected)) {
    if (!Array.isArray(found) || found.length !== expected.length) return false;
    return expected.every((each, index) => close(found[index], each, relative));
  }
  if (typeof expected !== 'number' || typeof found !== 'number') return found === expected;
  return found === expected || Math.abs(found - expected) <= Math.max(relative * Math.abs(expected), 1e-12);
}
