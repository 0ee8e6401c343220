import assert from 'node:assert/strict';
import { test } from 'node:test';
import { proxyTraffic } from '../../src/adapters/traffic/proxy.ts';
import { ProblemError } from '../../src/model/errors.ts';
import type { CountersReading } from '../../src/model/hosting.ts';
import type { Service } from '../../src/model/service.ts';
import type { TrafficSignal } from '../../src/ports/traffic.ts';
import { begunWith, nextInterval } from '../../src/verify/next-interval.ts';
import { send } from '../host/fixtures/send.ts';
import { service, TestHost, until } from '../host/fixtures/test-host.ts';

/** A signal that tells of a host, and how it is taken away. */
export interface Told {
  readonly signal: TrafficSignal;
  gone(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

const never = new AbortController().signal;
const compared = { canary: '1.1.0', baseline: '1.0.0' };
const weights = { '1.0.0': 50, '1.1.0': 50 };
const patience = 60_000;

/** What guards rely on, of whoever counts. `tells`: makes the signal for a host that serves two versions; `metrics` is where it can be scraped. */
export function signalContract(name: string, tells: (host: TestHost, metrics: string) => Promise<Told>): void {
  test(`${name}: what both versions did in closed intervals is what they were asked, each request once`, async () => {
    await using host = await TestHost.start('--unsupervised');
    const address = await serving(host);
    await using told = await tells(host, await scraped(host));
    const first = await until('it tells of both versions', () => ofBoth(told.signal));
    const sums = await countedBetween(told.signal, first, () => asked(address, 60));
    assert.deepEqual(sums.counted, sums.sent);
    const again = await told.signal.query(never);
    assert.ok(nothingMore(sums.reading, again), 'a reading without anything new counts nothing');
  });

  test(`${name}: where nobody tells it says so, decides nothing, and is not online`, async () => {
    await using host = await TestHost.start('--unsupervised');
    await serving(host);
    await using told = await tells(host, await scraped(host));
    await until('it tells of both versions', () => ofBoth(told.signal));
    assert.equal(await told.signal.online(never), true);
    await told.gone();
    const error = await until('it says so', () =>
      told.signal.query(AbortSignal.timeout(patience)).then(
        () => undefined,
        (each: unknown) => each,
      ),
    );
    assert.ok(error instanceof ProblemError, String(error));
    assert.notEqual(error.problem.why, '');
    assert.equal(await told.signal.online(never), false);
  });

  test(`${name}: whoever stops waiting is let go`, async () => {
    await using host = await TestHost.start('--unsupervised');
    await serving(host);
    await using told = await tells(host, await scraped(host));
    await assert.rejects(told.signal.query(AbortSignal.abort()), { name: 'AbortError' });
  });
}

/** The one that reads the local proxy. */
export async function tellsByProxy(host: TestHost): Promise<Told> {
  const { signal } = proxyTraffic({ name: service } as Service, host.client);
  return { signal, gone: () => host.client.down(AbortSignal.timeout(patience)), [Symbol.asyncDispose]: async () => {} };
}

async function serving(host: TestHost): Promise<string> {
  const { address } = await host.serve([host.version('1.0.0'), host.version('1.1.0')], { metrics: '127.0.0.1:0' });
  await host.route(weights);
  await asked(address ?? '', 20);
  return address ?? '';
}

async function scraped(host: TestHost): Promise<string> {
  return (await host.when('it can be scraped', ({ metrics }) => metrics !== null)).metrics ?? '';
}

type Counts = Record<string, { requests: number; errors: number }>;

/** Sends requests, one in four of which fails, and says which version answered. */
async function asked(address: string, count: number): Promise<Counts> {
  const counts: Counts = { '1.0.0': { requests: 0, errors: 0 }, '1.1.0': { requests: 0, errors: 0 } };
  for (let index = 0; index < count; index += 1) {
    const { status, headers } = await send(`${address}${index % 4 === 0 ? '/error' : '/v2/models/m/infer'}`, {
      headers: { 'x-request-id': `${count}-${index}` },
    });
    const of = counts[String(headers['x-sofare-version'])];
    assert.ok(of, 'an answer names its version');
    of.requests += 1;
    if (status === 500) of.errors += 1;
  }
  return counts;
}

async function ofBoth(signal: TrafficSignal): Promise<CountersReading | undefined> {
  const reading = await signal.query(never).catch(() => null);
  const all = [compared.canary, compared.baseline].reduce((sum, version) => sum + (reading?.arms[version]?.requests ?? 0), 0);
  return reading && all === 20 ? reading : undefined;
}

/** Looks, as a guard does, until all that was sent is counted. */
async function countedBetween(signal: TrafficSignal, first: CountersReading, sending: () => Promise<Counts>) {
  let reading = begunWith(first, compared);
  let id = 0;
  const counted: Counts = { '1.0.0': { requests: 0, errors: 0 }, '1.1.0': { requests: 0, errors: 0 } };
  const look = async (): Promise<number> => {
    const next = nextInterval(reading, await signal.query(never), { ...compared, id: id + 1, weights, every: patience });
    reading = next.reading;
    if (next.interval) id += 1;
    for (const [arm, version] of Object.entries(compared)) {
      const of = counted[version];
      const more = next.interval?.[arm as keyof typeof compared];
      if (!of || !more) continue;
      of.requests += more.requests;
      of.errors += more.errors;
    }
    return Object.values(counted).reduce((sum, { requests }) => sum + requests, 0);
  };
  const sent = await sending();
  const wanted = Object.values(sent).reduce((sum, { requests }) => sum + requests, 0);
  await until('all is counted', async () => ((await look()) >= wanted ? true : undefined));
  return { sent, counted, reading };
}

function nothingMore(reading: CountersReading, again: CountersReading): boolean {
  const { interval } = nextInterval(reading, again, { ...compared, id: 1_000, weights, every: patience });
  return interval === null || interval.canary.requests + interval.baseline.requests === 0;
}
