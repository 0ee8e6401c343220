import { benchLoad } from './load.ts';
import { benchProxy } from './proxy.ts';
import { benchRegistry } from './registry.ts';
import { benchRollback } from './rollback.ts';
import { benchRestart } from './restart.ts';
import { benchStartup } from './startup.ts';
import { line } from './line.ts';
import { type Figure, machine } from './measure.ts';

const asJson = process.argv.includes('json');
const say = (text: string): boolean => (asJson ? process.stderr : process.stdout).write(`${text}\n`);
const where = machine();
say(`sofare ${where.commit} on ${where.processor}, ${where.cores} cores, ${where.memory} GiB, Node ${where.node}\n`);
const figures: Figure[] = [];
for (const bench of [benchRegistry, benchRollback, benchLoad, benchRestart, benchStartup, benchProxy]) {
  for (const each of await bench()) {
    figures.push(each);
    say(line(each));
  }
}
if (asJson) process.stdout.write(`${JSON.stringify({ schema: 'sofare/bench@1', machine: where, figures })}\n`);
