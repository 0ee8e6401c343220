import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const folder = import.meta.dirname;

/** One line of the program made wrong, and the test of behaviour that must see it. Kept as a patch: its head is read here. */
export interface Mutant {
  readonly name: string;
  readonly patch: string;
  /** The rule of the design that the line upholds. */
  readonly rule: string;
  /** What would happen to a user. */
  readonly danger: string;
  readonly file: string;
  readonly test: string;
}

/** All of them, by name. */
export function mutants(): readonly Mutant[] {
  return globSync('*.patch', { cwd: folder })
    .sort()
    .map((file) => mutantOf(join(folder, file)));
}

function mutantOf(patch: string): Mutant {
  const text = readFileSync(patch, 'utf8');
  const field = (name: string): string => {
    const found = new RegExp(`^${name}: (.+)$`, 'm').exec(text)?.[1];
    if (found === undefined) throw new Error(`${patch} has no line "${name}: ..." in its head`);
    return found;
  };
  return {
    name: basename(patch, '.patch'),
    patch,
    rule: field('Rule'),
    danger: field('Danger'),
    file: field('File'),
    test: field('Test'),
  };
}
