import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { parts } from '../../test/real/parts.mjs';
import { line } from '../line.ts';
import { type Figure, machine, quantile } from '../measure.ts';
import { figuresOf } from './figures.ts';
import { fleetFigures, measureFleet } from './fleet.ts';
import { measureRounds } from './rounds.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    services: { type: 'string', default: '1000' },
    output: { type: 'string', short: 'o', default: 'text' },
  },
});
const asJson = values.output === 'json';
const say = (text: string): boolean => (asJson ? process.stderr : process.stdout).write(`${text}\n`);
const tell = (text: string): boolean => process.stderr.write(`${text}\n`);
for (const part of ['a Kubernetes control plane', 'the Argo Rollouts controller'] as const) {
  const reason = parts[part].missing();
  if (reason === null) continue;
  tell(`${reason}\nnpm run setup:real builds it`);
  process.exit(1);
}
const where = machine();
const [load = 0] = loadavg();
say(`sofare ${where.commit} on ${where.processor}, ${where.cores} cores, ${where.memory} GiB, Node ${where.node}`);
say(`load ${load.toFixed(1)} when this began; etcd and SQLite sync every write\n`);
const samples = await measureRounds(Number(values.rounds), tell);
const figures: Figure[] = [...figuresOf(samples)];
for (const each of figures) say(line(each));
const fleet = await measureFleet(Number(values.services), tell);
const ofFleet = fleetFigures(fleet);
for (const each of ofFleet) say(line(each));
if (asJson) {
  const median = (of: keyof typeof samples): number => quantile(samples[of], 0.5);
  const document = {
    schema: 'sofare/bench-kubernetes@1',
    patch_ms: median('patch'),
    abort_route_written_ms: { sofare: median('abort by sofare'), argo: median('abort by Argo') },
    undo_route_written_ms: {
      sofare: median('rollback by sofare'),
      argo: Math.min(median('undo by Argo, canary'), median('undo by Argo, blue-green')),
    },
    command_route_written_ms: median('rollback by a command'),
    fleet: {
      services: fleet.services,
      requests: fleet.requests.length,
      requests_per_second: fleet.perSecond,
      budget_per_second: fleet.budget,
      route_written_p99_ms: quantile(fleet.written, 0.99),
    },
    rounds: Number(values.rounds),
    machine: { ...where, load },
    figures: [...figures, ...ofFleet],
  };
  process.stdout.write(`${JSON.stringify(document)}\n`);
}
