// npm run bench:judge [-- RUNS] [-- -o json]: how often each rule takes a healthy canary back, and how soon a bad one is found. Seeded.
// npm run bench:judge -- many [SERVICES]: only what judging many services by what a Prometheus has of them takes.
import { machine } from './measure.ts';
import { lookCost } from './judge/look-cost.ts';
import { judgeMany } from './judge/many.ts';
import { keptByMany, linesOfMany } from './judge/many-lines.ts';
import { bursts, detections, type Effort, falseRollbacks, type Row } from './judge/tables.ts';

const only = process.argv.includes('many');
const asJson = process.argv.includes('json');
const number = process.argv.find((word) => /^\d+$/.test(word));
const runs = Number(only ? 0 : (number ?? 20_000));
const effort: Effort = { runs, slow: Math.min(runs, 2_000), detecting: Math.min(runs, 2_000) };
const say = (text: string): boolean => (asJson ? process.stderr : process.stdout).write(`${text}\n`);

const where = machine();
say(`sofare ${where.commit} on ${where.processor}, ${where.cores} cores, ${where.memory} GiB, Node ${where.node}`);
const begun = process.cpuUsage();
const rows: Row[] = [];
for (const [heading, made] of only
  ? []
  : ([
      [`Healthy canaries: part taken back within 60 minutes, looked at every minute`, falseRollbacks(effort)],
      ['Healthy canaries whose errors come three at once', bursts(effort)],
      [
        'Bad canaries: median minutes, and requests of the canary, until found (with the part found where it is not all)',
        detections(effort),
      ],
    ] as const)) {
  say(`\n${heading}`);
  let line: Row[] = [];
  let head = '';
  const print = (): void => {
    const columns = `${''.padEnd(36)}${line.map(({ judge }) => judge.padStart(22)).join('')}`;
    if (line.length > 0 && columns !== head) say(columns);
    head = columns;
    if (line[0]) say(`${line[0].scenario.padEnd(36)}${line.map((row) => cell(row).padStart(22)).join('')}`);
  };
  for (const row of made) {
    if (line[0] && line[0].scenario !== row.scenario) {
      print();
      line = [];
    }
    line.push(row);
    rows.push(row);
  }
  print();
}
const cost = lookCost();
say(
  `\nOne look at a service with eight metrics: ${cost.microseconds.toFixed(1)} µs, its state ${cost.bytes} bytes; 10,000 services every 10 s take ${((cost.microseconds / 1e6 / 10) * 10_000 * 100).toFixed(1)} % of one core`,
);
const promised = rows.filter(({ goal }) => goal !== null);
const missed = promised.filter(({ goal }) => goal?.met === false);
const spent = process.cpuUsage(begun);
const many = await judgeMany(only ? Number(number ?? 10_000) : 10_000, 10, 8);
for (const line of ['', ...linesOfMany(many)]) say(line);
const missedByMany = keptByMany(many).filter(({ met }) => !met);
const { user, system } = spent;
if (!only) say(`\n* promised: at most alpha and three standard errors, or within 20 % of the value to reproduce. ! missed`);
if (!only) say(`${runs} runs (the whole guard, the z test and detections ${effort.slow}, Mann-Whitney ${Math.min(200, runs)})`);
if (!only)
  say(
    `${promised.length - missed.length} of ${promised.length} promises kept, ${((user + system) / 1e6).toFixed(0)} s of processor`,
  );
for (const { scenario, judge, goal } of missed) say(`missed: ${scenario}, ${judge}: ${goal?.text}`);
if (asJson)
  process.stdout.write(`${JSON.stringify({ schema: 'sofare/bench-judge@1', machine: where, runs, rows, look: cost, many })}\n`);
process.exitCode = missed.length + missedByMany.length === 0 ? 0 : 1;

function cell({ fired, minutes, requests, goal }: Row): string {
  const mark = goal === null ? ' ' : goal.met ? '*' : '!';
  if (minutes === null) return `${fired.toFixed(4)}${mark}`;
  const when = Number.isFinite(minutes) ? `${minutes} min` : '-';
  const part = fired < 0.995 ? ` (${fired.toFixed(2)})` : '';
  return `${when}, ${Number.isFinite(requests) ? requests : '-'}${part}${mark}`;
}
