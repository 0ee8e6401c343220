import { reproduce } from './report.ts';
import type { Mode } from './result.ts';
import { runSeed } from './run-seed.ts';
import { shrink } from './shrink.ts';

/** What a broken seed shows: the promise, the fewest of its faults that still break it, and the end of what happened. */
export async function explain(seed: number, mode: Mode, lines: number): Promise<string | null> {
  const whole = await runSeed({ seed, mode, keepTrace: true });
  if (whole.broken === null) return null;
  const ids = whole.faults.map(({ id }) => id);
  const fewest = await shrink(ids, async (some) => {
    const { broken } = await runSeed({ seed, mode, only: new Set(some) });
    return broken !== null && alike(broken, whole.broken ?? '');
  });
  const shown = await runSeed({ seed, mode, only: new Set(fewest), keepTrace: true });
  const last = shown.broken === null ? whole : shown;
  return [
    `✗ seed ${seed} (${mode}): ${whole.broken}`,
    `  ${fewest.length} of its ${ids.length} faults are enough: ${fewest.join(', ') || 'none'}`,
    ...last.recent
      .filter((line) => !/ (?:nature|the supervisor looks|\S+ thinks of something)$/.test(line))
      .slice(-lines)
      .map((line) => `  | ${line}`),
    `  again: ${reproduce(seed, mode)}`,
  ].join('\n');
}

/** The same promise, whatever the names in it. */
function alike(one: string, other: string): boolean {
  const bare = (text: string): string => text.replaceAll(/\b\w*\d\w*\b|\d/g, '').slice(0, 60);
  return bare(one) === bare(other);
}
