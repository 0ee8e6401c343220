// Guards of many services in one process: each judges what a Prometheus has of its versions as soon as the next interval is due.
import { setTimeout as pause } from 'node:timers/promises';
import { prometheusSignal } from '../../src/adapters/signal/prometheus-signal.ts';
import { judge } from '../../src/decide/guard.ts';
import { absorb, beginGuard } from '../../src/decide/guard-state.ts';
import { latencyThresholds } from '../../src/detect/sequential/latency-thresholds.ts';
import { ProblemError } from '../../src/model/errors.ts';
import type { GuardPolicy, GuardState } from '../../src/model/evidence.ts';
import type { CountersReading } from '../../src/model/hosting.ts';
import type { TrafficSignal } from '../../src/ports/traffic.ts';
import { begunWith, edgesOf, nextInterval } from '../../src/verify/next-interval.ts';

const [address = '', many = '', interval = '', looks = '', begun = ''] = process.argv.slice(2);
const every = Number(interval) * 1_000;
const policy: GuardPolicy = {
  alpha: 0.01,
  tolerate: 1.25,
  limit: 0.05,
  deadline: Number.MAX_SAFE_INTEGER,
  onUndecided: 'pause',
  detect: 5,
  smallestRate: 0.01,
  warmup: 2,
  interval: every,
};
const compared = { canary: '1.1.0', baseline: '1.0.0' };
/** After a look without anything new, in ms: as the guard does. */
const again = 1_000;
const never = new AbortController().signal;
const until = performance.now() + Number(looks) * every;

interface Judged {
  /** From when an interval was due, one after the last, and from when its newest counters were scraped, to its verdict; in ms. */
  readonly fromDue: number[];
  readonly fromScrape: number[];
  intervals: number;
  absent: number;
  /** When it was taken back, in seconds since the counters began. */
  takenBack: number | null;
}

async function guard(number: number): Promise<Judged> {
  const judged: Judged = { fromDue: [], fromScrape: [], intervals: 0, absent: 0, takenBack: null };
  const signal = prometheusSignal({
    address,
    headers: [],
    insecure: false,
    timeout: 10_000,
    every,
    labels: { service: 'service', version: 'version', instance: 'instance' },
    service: `s${number}`,
    counters: {
      requests: 'requests_total',
      errors: 'errors_total',
      unanswered: 'unanswered_total',
      right: 'right_total',
      wrong: 'wrong_total',
      latency: 'latency_seconds_bucket',
    },
  });
  await pause((number % 1_000) + 1);
  let first: CountersReading | null = null;
  while (first === null && performance.now() < until) first = await read(signal, judged);
  if (first === null) return judged;
  let reading = begunWith(first, compared);
  let looked = false;
  let state: GuardState = beginGuard(latencyThresholds(first.arms['1.0.0']?.latency ?? [], edgesOf(first)));
  while (performance.now() < until) {
    await pause(Math.max(looked ? again : 0, (reading.ledger?.until ?? 0) + every - Date.now()));
    const told = await read(signal, judged);
    const next = told
      ? nextInterval(reading, told, { ...compared, id: state.lastIntervalId + 1, weights: { '1.0.0': 90, '1.1.0': 10 }, every })
      : { interval: null, reading };
    if (next.interval) state = absorb(state, next.interval, policy);
    const due = (reading.ledger?.until ?? 0) + every;
    reading = next.reading;
    const now = Date.now();
    const decision = judge(state, policy, {
      now,
      startedAt: 0,
      stageEndsAt: Infinity,
      failed: null,
      version: '1.1.0',
      stable: '1.0.0',
    });
    if (decision.action === 'roll back') judged.takenBack ??= now / 1_000 - Number(begun);
    looked = next.interval === null;
    if (!next.interval) continue;
    judged.intervals += 1;
    // While services join, some are asked for twice; these intervals decide nothing anyway.
    if (judged.intervals <= policy.warmup) continue;
    judged.fromDue.push(now - due);
    judged.fromScrape.push(now - Math.max(...Object.values(reading.ledger?.series ?? {}).map(({ at }) => at)));
  }
  return judged;
}

async function read(signal: TrafficSignal, judged: Judged): Promise<CountersReading | null> {
  try {
    return await signal.query(never);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    judged.absent += 1;
    return null;
  }
}

/** Processor time of each interval, in ms. */
const spent: number[] = [];
let before = process.cpuUsage();
const meter = setInterval(() => {
  const { user, system } = process.cpuUsage(before);
  before = process.cpuUsage();
  spent.push((user + system) / 1_000);
}, every);
const all = await Promise.all(Array.from({ length: Number(many) }, (_, number) => guard(number)));
clearInterval(meter);
const told = {
  spent,
  memory: process.memoryUsage().rss,
  intervals: all.reduce((sum, { intervals }) => sum + intervals, 0),
  absent: all.reduce((sum, { absent }) => sum + absent, 0),
  fromDue: all.flatMap(({ fromDue }) => fromDue),
  fromScrape: all.flatMap(({ fromScrape }) => fromScrape),
  takenBack: all.flatMap(({ takenBack }, number) => (takenBack === null ? [] : [{ number, at: takenBack }])),
};
process.send?.(told, undefined, undefined, () => process.disconnect?.());
