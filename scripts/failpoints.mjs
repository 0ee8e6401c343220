// npm run failpoints [-- --pairs] [--states] [--kind KIND] [--target process|deployment] [--database sqlite|postgres] [--lanes N]
// Kills every kind of operation at every point, and with --pairs kills also what goes on after the first kill. A kind fails at a
// point that was not reached, a state that is not the one it must be, or a request that was lost.
// --states leaves out the points between two changes, where a dead process leaves what it leaves just after the first of the two;
// pairs are always of points that leave other states.
import { parseArgs } from 'node:util';
import { carryOutKills, everyPair, everyPoint, line, noPairs, watched } from '../test/hazard/kill-plan.ts';
import { endControlPlane } from '../test/hazard/deployment-place.ts';
import { leavingOtherStates } from '../test/hazard/kill-points.ts';
import { build } from './build.mjs';

const { values } = parseArgs({
  options: {
    pairs: { type: 'boolean', default: false },
    states: { type: 'boolean', default: false },
    kind: { type: 'string', multiple: true, default: [] },
    target: { type: 'string', default: 'process' },
    database: { type: 'string', default: 'sqlite' },
    lanes: { type: 'string', default: '2' },
  },
});
const begun = performance.now();
const total = { kinds: 0, points: 0, singles: 0, pairs: 0, requests: 0 };

await build();
await carryOutKills({
  kinds: values.kind,
  target: values.target,
  database: values.database,
  lanes: Number(values.lanes),
  singles: values.states ? leavingOtherStates : everyPoint,
  pairs: values.pairs ? everyPair : noPairs,
  survived: (told) => {
    total.kinds += 1;
    for (const name of ['points', 'singles', 'pairs', 'requests']) total[name] += told[name];
    process.stdout.write(`✓ ${line(told)}\n`);
  },
  failed: (kind, error) => {
    process.exitCode = 1;
    process.stdout.write(`✗ ${kind}: ${error instanceof Error ? error.message : error}\n`);
  },
});
await endControlPlane();
const seconds = Math.round((performance.now() - begun) / 1000);
process.stdout.write(
  `${values.target}, ${values.database}: ${total.kinds} kinds of operation, ${total.points} points, ${total.singles} kills at one point, ${total.pairs} at two; ${total.requests} ${watched[values.target]}; ${seconds} s\n`,
);
