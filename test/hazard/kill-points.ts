import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Local } from '../fixtures/local.ts';

/** One instant at which a process may be killed: the nth time that a point is reached. */
export interface KillPoint {
  readonly name: string;
  readonly nth: number;
}

/**
 * Runs a command without faults and lists every point that it reached, in order. While the world is waited for it is read again and
 * again, as often as the machine is slow: of those readings only the first is listed, since another run may not come to the others.
 */
export async function trace(local: Local, words: readonly string[]): Promise<readonly KillPoint[]> {
  const file = join(local.directory, `trace-${words[0]}`);
  const ended = await local.run([...words], { SOFARE_FAILPOINT_TRACE: file });
  if (ended.code !== 0) throw new Error(`${words.join(' ')} ended with ${ended.code}\n${ended.errors}`);
  const reached = new Map<string, number>();
  return readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((name) => {
      const nth = (reached.get(name) ?? 0) + 1;
      reached.set(name, nth);
      return { name, nth };
    })
    .filter(({ name }, index, all) => !name.endsWith('-observe') || name !== all[index - 2]?.name);
}

/** What is wrong with a trace: an effect that is not watched on all sides, or a transaction without both of its points. */
export function gaps(points: readonly KillPoint[], effects: readonly string[]): readonly string[] {
  const names = new Set(points.map(({ name }) => name));
  const around = effects.flatMap((effect) =>
    ['before-apply', 'after-apply', 'before-observe', 'after-observe'].map((point) => `${effect}.${point}`),
  );
  const transactions = [...names]
    .filter((name) => name.endsWith('.before-commit'))
    .flatMap((name) => [name, name.replace('before', 'after')]);
  return [...around, ...transactions].filter((name) => !names.has(name));
}

/** Runs a command that is killed at a point. Fails when the point was not reached, or the process ended in any other way. */
export async function killedAt(local: Local, words: readonly string[], point: KillPoint): Promise<void> {
  const ended = await local.run([...words], { SOFARE_FAILPOINT: `${point.name}:${point.nth}:kill` });
  if (ended.signal !== 'SIGKILL')
    throw new Error(
      `${words.join(' ')} was to be killed at ${point.name}:${point.nth} and ended with ${ended.code ?? ended.signal}\n${ended.errors}`,
    );
}
