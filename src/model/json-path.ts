/**
 * The value at a path such as `versions[0]` or `outputs[0].data[0]` in a JSON text, as text. Own properties only.
 * Null when the text is not JSON, the path leads nowhere, or it ends at an object.
 */
export function atPath(text: string, path: string): string | null {
  try {
    const found = valueAt(JSON.parse(text), path);
    return found === null || found === undefined || typeof found === 'object' ? null : String(found);
  } catch {
    return null;
  }
}

export function valueAt(document: unknown, path: string): unknown {
  let found: unknown = document;
  for (const part of path.match(/[^.[\]]+/g) ?? []) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, part)) return undefined;
    found = (found as Record<string, unknown>)[part];
  }
  return found;
}
