// npm run simulate [-- --seeds N] [--seed S] [--mode safety|liveness] [--trace LINES]: the engine on a simulated world.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { runBatch } from '../test/simulate/batch.ts';
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
  ![undefined, 'safety', 'liveness'].includes(values.mode)
) {
  process.stderr.write('usage: npm run simulate -- [--seeds N] [--seed S] [--mode safety|liveness] [--trace LINES]\n');
  process.exit(2);
}
const tally = await runBatch({ first, count, mode: values.mode ?? 'both', processes: Math.min(count, availableParallelism()) });
process.stdout.write(`${summary(tally)}\n`);
for (const { seed, mode, what } of tally.broken.slice(0, 10))
  process.stdout.write(`${(await explain(seed, mode, Number(values.trace))) ?? `✗ seed ${seed} (${mode}): ${what}`}\n`);
process.stdout.write(`${tally.broken.length} of ${tally.seeds} seeds broke a promise\n`);
process.exitCode = tally.broken.length === 0 ? 0 : 1;
