import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { type Figure, figure, machine, quantile } from '../measure.ts';
import { parts } from '../../test/real/parts.mjs';
import { line } from '../line.ts';
import { measureRounds } from './rounds.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '50' }, output: { type: 'string', short: 'o', default: 'text' } },
});
const asJson = values.output === 'json';
const say = (text: string): boolean => (asJson ? process.stderr : process.stdout).write(`${text}\n`);
for (const part of ['a Kubernetes control plane', 'the Argo Rollouts controller'] as const) {
  const reason = parts[part].missing();
  if (reason === null) continue;
  process.stderr.write(`${reason}\nnpm run setup:real builds it\n`);
  process.exit(1);
}
const where = machine();
const [load = 0] = loadavg();
say(`sofare ${where.commit} on ${where.processor}, ${where.cores} cores, ${where.memory} GiB, Node ${where.node}`);
say(`${load.toFixed(1)} programs wanted a processor while this began; etcd and SQLite sync every write\n`);
const samples = await measureRounds(Number(values.rounds), (text) => process.stderr.write(`${text}\n`));
const median = (of: keyof typeof samples): number => quantile(samples[of], 0.5);
const patch = median('patch');
const figures: readonly Figure[] = [
  figure('one PATCH of a VirtualService: sent to seen', 'ms', samples.patch),
  figure('one PATCH of a VirtualService: round trip', 'ms', samples.patchRoundTrip),
  figure('abort of a canary at 10 %, Argo Rollouts: status.abort sent to seen', 'ms', samples['abort by Argo']),
  figure('abort of a canary at 10 %, sofare: call to seen', 'ms', samples['abort by sofare'], {
    goal: Math.min(median('abort by Argo') / 2, 2 * patch),
    beside: 'at most half of Argo, and twice one PATCH',
  }),
];
for (const each of figures) say(line(each));
if (asJson) {
  const document = {
    schema: 'sofare/bench-kubernetes@1',
    machine: { ...where, load },
    rounds: Number(values.rounds),
    patch_ms: patch,
    abort_route_written_ms: { sofare: median('abort by sofare'), argo: median('abort by Argo') },
    figures,
  };
  process.stdout.write(`${JSON.stringify(document)}\n`);
}
