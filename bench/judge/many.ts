import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { quantile } from '../measure.ts';

/** What judging many services by what a Prometheus has of them takes. Times in ms. */
export interface Many {
  readonly services: number;
  readonly countersEach: number;
  readonly every: number;
  /** Intervals judged, and looks that had nothing to judge. */
  readonly intervals: number;
  readonly absent: number;
  readonly pinned: boolean;
  readonly queries: { readonly perInterval: number; readonly mostInASecond: number };
  /** Processor time of the judging process in an interval, at most; and its memory in MiB. */
  readonly processor: number;
  readonly memory: number;
  /** From when a look was due to its verdict, and from when the newest counters were scraped. */
  readonly lag: { readonly median: number; readonly most: number };
  readonly age: { readonly median: number; readonly most: number };
  /** Canaries that began to fail, those of them that were taken back, the median time until then, and healthy ones that were. */
  readonly failing: { readonly of: number; readonly takenBack: number; readonly after: number; readonly healthy: number };
}

interface Told {
  readonly spent: readonly number[];
  readonly memory: number;
  readonly intervals: number;
  readonly absent: number;
  readonly fromDue: readonly number[];
  readonly fromScrape: readonly number[];
  readonly takenBack: readonly { readonly number: number; readonly at: number }[];
}

/** Requests, errors, unanswered, right, wrong and five buckets of time. */
const countersEach = 10;
const failingEach = 200;

/** Judges so many services through so many intervals (seconds each), the judging process on one core where `taskset` is there. */
export async function judgeMany(services: number, every: number, intervals: number): Promise<Many> {
  const failingFrom = 3.5 * every;
  const [prometheus, server] = await started('many-prometheus.ts', 1, [every, failingFrom, failingEach]);
  const { port, begun } = server as { readonly port: number; readonly begun: number };
  const address = `http://127.0.0.1:${port}`;
  const [judging, message] = await started('judge-many.ts', 0, [address, services, every, intervals, begun]);
  const told = message as Told;
  const queries = (await (await fetch(`${address}/queries`)).json()) as readonly number[];
  prometheus.disconnect();
  if (judging.exitCode === null) await once(judging, 'exit');
  const bad = told.takenBack.filter(({ number }) => number % failingEach === 0);
  return {
    services,
    countersEach,
    every: every * 1_000,
    intervals: told.intervals,
    absent: told.absent,
    pinned: hasTaskset(),
    queries: { perInterval: queries.length / intervals, mostInASecond: mostWithin(queries, 1_000) },
    processor: Math.max(...told.spent),
    memory: Math.round(told.memory / 2 ** 20),
    lag: { median: quantile(told.fromDue, 0.5), most: most(told.fromDue) },
    age: { median: quantile(told.fromScrape, 0.5), most: most(told.fromScrape) },
    failing: {
      of: Math.ceil(services / failingEach),
      takenBack: bad.length,
      after: quantile(
        bad.map(({ at }) => (at - failingFrom) * 1_000),
        0.5,
      ),
      healthy: told.takenBack.length - bad.length,
    },
  };
}

/** A process of the bench on one core of its own, and the first thing that it says. */
async function started(file: string, core: number, words: readonly (string | number)[]): Promise<[ChildProcess, unknown]> {
  const child = fork(join(import.meta.dirname, file), words.map(String), { execArgv: ['--max-old-space-size=4096'] });
  if (hasTaskset()) execFileSync('taskset', ['-a', '-cp', String(core), String(child.pid)], { stdio: 'ignore' });
  const [message] = await once(child, 'message');
  return [child, message];
}

function hasTaskset(): boolean {
  try {
    execFileSync('taskset', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

function most(values: readonly number[]): number {
  return values.reduce((highest, value) => Math.max(highest, value), 0);
}

function mostWithin(times: readonly number[], span: number): number {
  let [first, highest] = [0, 0];
  for (const [index, time] of times.entries()) {
    while ((times[first] ?? 0) <= time - span) first += 1;
    highest = Math.max(highest, index - first + 1);
  }
  return highest;
}
