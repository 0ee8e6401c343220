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

/** A path as Argo's web metrics write it: `{$}`, `{$.a.b[0]}`, `{.a['b-c']}`. Its parts, or null where it is of a form that is not read. */
function partsOf(path: string): readonly string[] | null {
  const inner = /^\{\$?((?:\.[A-Za-z_][\w-]*|\[\d+\]|\['[^'\\]*'\]|\["[^"\\]*"\])*)\}$/.exec(path.trim())?.[1];
  if (inner === undefined) return null;
  return [...inner.matchAll(/\.([\w-]+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/g)].map(
    ([, name, index, single, double]) => name ?? index ?? single ?? double ?? '',
  );
}

export function problemOfJsonPath(path: string): string | null {
  return partsOf(path) ? null : 'a path such as {$.data.ok[0]} is read; filters, ranges and wildcards are not';
}

/** What such a path leads to. Own properties only; undefined where it leads nowhere. */
export function atJsonPath(document: unknown, path: string): unknown {
  return (partsOf(path) ?? []).reduce<unknown>((found, part) => {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, part)) return undefined;
    return (found as Record<string, unknown>)[part];
  }, document);
}
