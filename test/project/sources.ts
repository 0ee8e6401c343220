import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

export interface Source {
  /** From src/, such as `model/plan.ts`. */
  readonly path: string;
  readonly text: string;
}

const folder = join(import.meta.dirname, '..', '..', 'src');

export const sources: readonly Source[] = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .sort()
  .map((path) => ({ path, text: readFileSync(join(folder, path), 'utf8') }));

export interface Import {
  readonly from: string;
  /** A path from src/ for our own files, else the name of a package or built-in module. */
  readonly to: string;
  readonly own: boolean;
  readonly lazy: boolean;
}

export function importsOf({ path, text }: Source): readonly Import[] {
  const found = text.matchAll(/(?:\bfrom\s+|\bimport\s+|\bimport(?<lazy>\())'(?<name>[^'\n]+)'/g);
  return [...found].map(({ groups }) => {
    const name = groups?.['name'] ?? '';
    const own = name.startsWith('.');
    return { from: path, to: own ? posix.join(posix.dirname(path), name) : name, own, lazy: groups?.['lazy'] !== undefined };
  });
}
