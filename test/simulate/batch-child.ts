import type { Mode } from './result.ts';
import { runSeed } from './run-seed.ts';
import { add, emptyTally } from './tally.ts';

const [first = '1', count = '1', step = '1', mode = 'both'] = process.argv.slice(2);

/** What is not the same both times is no simulation. */
const tally = emptyTally();
const begun = process.cpuUsage();
for (let seed = Number(first); seed < Number(first) + Number(count); seed += Number(step)) {
  const chosen = modeOf(seed);
  const result = await runSeed({ seed, mode: chosen });
  const again = await runSeed({ seed, mode: chosen });
  const differs = result.hash === again.hash ? null : `the second run differs: ${result.hash} is not ${again.hash}`;
  add(tally, { ...result, broken: result.broken ?? differs });
  if (seed % 100 === 0) process.send?.({ at: seed });
}
const { user, system } = process.cpuUsage(begun);
tally.cost = (user + system) / 1000;
process.send?.({ tally });
process.disconnect?.();

function modeOf(seed: number): Mode {
  return mode === 'both' ? (seed % 4 === 0 ? 'safety' : 'liveness') : (mode as Mode);
}
