import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments } from 'yaml';
import type { Findings, Place } from './findings.ts';

/** YAML as plain data that still knows where each part stands. Keys are kept in a Map: no name means anything to it. */
export type Located = Place &
  (
    | { readonly kind: 'map'; readonly fields: ReadonlyMap<string, { readonly at: Place; readonly value: Located }> }
    | { readonly kind: 'list'; readonly items: readonly Located[] }
    | { readonly kind: 'scalar'; readonly value: string | number | boolean | null }
  );

const largest = 1_048_576;
const mostParts = 20_000;
const deepest = 20;

/** The documents of a file. What is too large, too deep, no YAML or grows by its aliases is found, never built. */
export function locate(text: string, findings: Findings): readonly Located[] {
  const start: Place = { line: 1, column: 1 };
  if (text.length > largest) {
    findings.error(start, 'the file is larger than 1 MiB');
    return [];
  }
  const lines = new LineCounter();
  const documents = parseAllDocuments(text.replace(/^\uFEFF/, ''), {
    lineCounter: lines,
    version: '1.2',
    schema: 'core',
    merge: false,
    uniqueKeys: true,
    prettyErrors: false,
  });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const found: Located[] = [];
  let parts = 0;
  for (const document of Array.isArray(documents) ? documents : []) {
    const [wrong] = [...document.errors, ...document.warnings];
    if (wrong) {
      findings.error(placeAt(wrong.pos[0]), `it is not YAML as Argo reads it: ${wrong.message.split('\n')[0]}`);
      return [];
    }
    if (document.contents === null) continue;
    const made = convert(document.contents as Node, document as Document, placeAt, start, 0, () => {
      parts += 1;
      return parts <= mostParts;
    });
    if (typeof made === 'string') {
      findings.error(placeAt(document.range[0]), made);
      return [];
    }
    found.push(made);
  }
  return found;
}

function convert(
  node: Node | null,
  document: Document,
  placeAt: (offset: number) => Place,
  otherwise: Place,
  depth: number,
  more: () => boolean,
): Located | string {
  const at = node?.range ? placeAt(node.range[0]) : otherwise;
  if (!more()) return `it has more than ${mostParts} parts, its aliases followed`;
  if (depth > deepest) return `it is deeper than ${deepest}, or an alias stands inside of what it names`;
  const inner = (child: unknown, place: Place) => convert(child as Node | null, document, placeAt, place, depth + 1, more);
  if (node === null) return { ...at, kind: 'scalar', value: null };
  if (isAlias(node)) {
    const target = node.resolve(document);
    return target ? inner(target, at) : 'an alias names nothing';
  }
  if (isScalar(node)) return { ...at, kind: 'scalar', value: plain(node.value) };
  if (isSeq(node)) {
    const items: Located[] = [];
    for (const item of node.items) {
      const made = inner(item, at);
      if (typeof made === 'string') return made;
      items.push(made);
    }
    return { ...at, kind: 'list', items };
  }
  if (!isMap(node)) return 'a value is neither a text, a number, a list nor a map';
  const fields = new Map<string, { at: Place; value: Located }>();
  for (const { key, value } of node.items) {
    if (!isScalar(key)) return 'a key is not a text';
    const place = key.range ? placeAt(key.range[0]) : at;
    const made = inner(value, place);
    if (typeof made === 'string') return made;
    fields.set(String(key.value), { at: place, value: made });
  }
  return { ...at, kind: 'map', fields };
}

function plain(value: unknown): string | number | boolean | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

/** The same, with every text changed. */
export function mapTexts(located: Located, change: (text: string, at: Place) => string): Located {
  switch (located.kind) {
    case 'scalar':
      return typeof located.value === 'string' ? { ...located, value: change(located.value, located) } : located;
    case 'list':
      return { ...located, items: located.items.map((item) => mapTexts(item, change)) };
    case 'map':
      return {
        ...located,
        fields: new Map([...located.fields].map(([key, { at, value }]) => [key, { at, value: mapTexts(value, change) }])),
      };
  }
}
