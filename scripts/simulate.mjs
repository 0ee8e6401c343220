// npm run simulate [-- --seeds N] [--seed S] [--mode safety|liveness|pairs] [--trace LINES]: the engine on a simulated world.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { runBatch } from '../test/simulate/batch.ts';
import { blindSpots } from '../test/simulate/coverage.ts';
import { explain } from '../test/simulate/explain.ts';
import { summary } from '../test/simulate/report.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    seed: { type: 'string', default: '1' },
    mode: { type: 'string' },
    trace: { type: 'string', default: '40' },
  },
});
const first = Number(values.seed);
const count = Number(values.seeds ?? '1');
if (
  !Number.isSafeInteger(first) ||
  !Number.isSafeInteger(count) ||
  count < 1 ||
  ![undefined, 'safety', 'liveness', 'pairs'].includes(values.mode)
) {
  process.stderr.write('usage: npm run simulate -- [--seeds N] [--seed S] [--mode safety|liveness|pairs] [--trace LINES]\n');
  process.exit(2);
}
if (values.mode === 'pairs') {
  const { killPairs, scenarios } = await import('../test/simulate/pairs.ts');
  let total = 0;
  let failed = 0;
  for (const scenario of scenarios)
    for (const supervised of [true, false]) {
      const { singles, pairs, broken } = await killPairs(scenario, supervised);
      total += singles + pairs;
      failed += broken.length;
      process.stdout.write(
        `${scenario.kind}, ${supervised ? 'supervised' : 'alone'}: ${singles} kills, ${pairs} pairs, ${broken.length} left something\n`,
      );
      for (const what of broken.slice(0, 5)) process.stdout.write(`✗ ${what}\n`);
    }
  process.stdout.write(`${failed} of ${total} left something\n`);
  process.exit(failed === 0 ? 0 : 1);
}
const tally = await runBatch({
  first,
  count,
  mode: values.mode ?? 'both',
  processes: Math.min(count, availableParallelism()),
});
process.stdout.write(`${summary(tally)}\n`);
for (const { seed, mode, what } of tally.broken.slice(0, 10))
  process.stdout.write(`${(await explain(seed, mode, Number(values.trace))) ?? `✗ seed ${seed} (${mode}): ${what}`}\n`);
process.stdout.write(`${tally.broken.length} of ${tally.seeds} seeds broke a promise\n`);
// So many must have reached all there is to reach, or they looked at nothing.
const blind = tally.seeds >= 2_000 ? blindSpots(tally) : [];
for (const spot of blind) process.stdout.write(`✗ not reached: ${spot}\n`);
process.exitCode = tally.broken.length === 0 && blind.length === 0 ? 0 : 1;
