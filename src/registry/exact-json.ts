const names = ['NaN', 'Infinity', '-Infinity'] as const;

/**
 * JSON that keeps NaN and the infinities, which plain JSON turns into null: a metric that is not a number must come back as one,
 * not as missing and not as a file nobody can read.
 */
export function toExactJson(value: unknown): string {
  return JSON.stringify(value, (_key, entry: unknown) =>
    typeof entry === 'number' && !Number.isFinite(entry) ? { $number: String(entry) } : entry,
  );
}

export function fromExactJson(text: string): unknown {
  // A function that is asked about every entry costs several times the parsing.
  if (!text.includes('"$number"')) return JSON.parse(text);
  return JSON.parse(text, (_key, entry: unknown) => {
    const name = entry !== null && typeof entry === 'object' && '$number' in entry ? entry.$number : null;
    return names.includes(name as never) ? Number(name) : entry;
  });
}
