import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';

/** Every fourth item, beginning with one that the commit decides: so that four commits see them all. */
export function rotatingQuarter(): (item: unknown, index: number) => boolean {
  const begin = (createHash('sha256').update(commit()).digest()[0] ?? 0) % 4;
  return (_item, index) => index % 4 === begin;
}

/** That many items in a row, beginning with one that the commit decides. */
export function rotating<Item>(items: readonly Item[], count: number): readonly Item[] {
  const begin = commitNumber() % items.length;
  return Array.from({ length: Math.min(count, items.length) }, (_, index) => items[(begin + index) % items.length] as Item);
}

/** A number that another commit changes. */
export function commitNumber(): number {
  return createHash('sha256').update(commit()).digest().readUInt32BE(0);
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { cwd: import.meta.dirname, encoding: 'utf8' });
  } catch {
    return 'no commit';
  }
}
