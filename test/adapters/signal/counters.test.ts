import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prometheusSignal } from '../../../src/adapters/signal/prometheus-signal.ts';
import { ProblemError } from '../../../src/model/errors.ts';
import type { CountersReading } from '../../../src/model/hosting.ts';
import type { PrometheusSignals } from '../../../src/model/service.ts';
import { type Series, StandingInPrometheus } from '../../fixtures/standing-in-prometheus.ts';

const never = new AbortController().signal;

function source(address: string, changes: Partial<PrometheusSignals> = {}): PrometheusSignals {
  return {
    address,
    headers: [],
    insecure: false,
    timeout: 2_000,
    every: 60_000,
    labels: { service: 'app', version: 'version', instance: 'instance' },
    service: 'fraud',
    counters: {
      requests: 'http_requests_total',
      errors: 'http_requests_total{code=~"5.."}',
      latency: 'http_request_duration_seconds_bucket',
    },
    ...changes,
  };
}

const second = 1_700_000_000;

/** What one process exports of one version: so many answers, so many of them 5xx, and how many within 0.1 s. */
function exported(
  version: string,
  [fine, failed, fast]: readonly [number, number, number],
  more: Partial<Record<string, string>> = {},
) {
  const labels = { app: 'fraud', version, instance: 'pod-1', ...more };
  const series = (name: string, own: Record<string, string>, value: number): Series => ({
    name,
    labels: { ...labels, ...own } as Record<string, string>,
    value: String(value),
    at: second + 0.25,
  });
  return [
    series('http_requests_total', { code: '200' }, fine),
    ...(failed > 0 ? [series('http_requests_total', { code: '503' }, failed)] : []),
    series('http_request_duration_seconds_bucket', { le: '0.1' }, fast),
    series('http_request_duration_seconds_bucket', { le: '+Inf' }, fine + failed),
  ];
}

async function standing(series: readonly Series[], changes: Partial<PrometheusSignals> = {}) {
  const server = new StandingInPrometheus();
  const address = await server.start();
  server.now = () => second + 1;
  server.series = () => series;
  const ask = (service = 'fraud'): Promise<CountersReading> =>
    prometheusSignal(source(address, { ...changes, service })).query(never);
  return { server, address, ask, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

async function whyNot(asking: Promise<unknown>): Promise<string> {
  const error = await asking.then(
    () => null,
    (each: unknown) => each,
  );
  assert.ok(error instanceof ProblemError, String(error));
  assert.equal(error.problem.code, 'counters.absent');
  return error.problem.why;
}

test('raw values by version and process, with the time at which they were scraped and not the time of the query', async () => {
  await using each = await standing([...exported('1.0.0', [90, 0, 80]), ...exported('1.1.0', [8, 2, 9])]);
  const { at, arms, samples = [] } = await each.ask();
  assert.equal(at, (second + 1) * 1_000);
  assert.ok(samples.every((sample) => sample.at === (second + 0.25) * 1_000));
  assert.deepEqual(
    [arms['1.0.0']?.requests, arms['1.0.0']?.errors, arms['1.1.0']?.requests, arms['1.1.0']?.errors],
    [90, 0, 10, 2],
  );
  const latency = arms['1.1.0']?.latency ?? [];
  assert.deepEqual([latency[60], latency.at(-1), latency.reduce((sum, count) => sum + count, 0)], [9, 1, 10]);
});

test('services that ask at the same time are asked for in one query for each counter, and again only after a while', async () => {
  const services = Array.from({ length: 40 }, (_, index) => `s-${index}`);
  const series = services.flatMap((app) => exported('1.0.0', [10, 1, 9], { app }));
  await using each = await standing(series);
  const readings = await Promise.all(services.map((name) => each.ask(name)));
  assert.ok(readings.every(({ arms }) => arms['1.0.0']?.requests === 11));
  assert.equal(each.server.asked.length, 3);
  assert.ok(
    each.server.asked.slice(1).every(({ time }) => time === String(second + 1)),
    'all counters are of one moment',
  );
  await Promise.all(services.map((name) => each.ask(name)));
  assert.equal(each.server.asked.length, 3);
});

test('more services than fit into one query are asked for in groups, each of them in one, and no faster than a server is to be asked', async () => {
  const services = Array.from({ length: 1_500 }, (_, index) => `s-${index}`);
  await using each = await standing(services.flatMap((app) => exported('1.0.0', [10, 1, 9], { app })));
  const begun = performance.now();
  await Promise.all(services.map((name) => each.ask(name)));
  const sizes = each.server.asked.map(({ query }) => /app=~"([^"]*)"/.exec(query)?.[1]?.split('|').length);
  assert.deepEqual(sizes, [1_000, 1_000, 1_000, 500, 500, 500]);
  assert.ok(performance.now() - begun >= (sizes.length - 1) * 20, 'at most 50 in a second');
});

test('what is absent is told as what it is', async () => {
  const both = [...exported('1.0.0', [90, 1, 80]), ...exported('1.1.0', [8, 2, 9])];
  await using empty = await standing([]);
  assert.equal(await whyNot(empty.ask()), 'Prometheus has no http_requests_total of fraud');
  await using warned = await standing(both);
  warned.server.warnings = ['store 10.0.0.7 was not reached'];
  assert.equal(await whyNot(warned.ask()), 'Prometheus: it warns: store 10.0.0.7 was not reached');
  await using refusing = await standing(both);
  refusing.server.instead = { status: 422, body: '{"status":"error","error":"too many samples"}' };
  assert.equal(await whyNot(refusing.ask()), 'Prometheus: too many samples');
  await using broken = await standing(both);
  broken.server.instead = { status: 200, body: '<html>' };
  assert.equal(await whyNot(broken.ask()), 'Prometheus: the answer is no JSON');
  await using down = await standing(both);
  await down.server[Symbol.asyncDispose]();
  assert.equal(await whyNot(down.ask()), 'Prometheus: ECONNREFUSED');
});

test('an error that never happened is none, and a counter of a name that nobody exports is no absence of errors', async () => {
  const series = [...exported('1.0.0', [90, 0, 80]), ...exported('1.1.0', [8, 0, 9])];
  await using each = await standing(series);
  assert.equal((await each.ask()).arms['1.1.0']?.errors, 0);
  await using mistyped = await standing(series, {
    counters: { requests: 'http_requests_total', errors: 'http_request_errors_total{code=~"5.."}' },
  });
  assert.equal(await whyNot(mistyped.ask()), 'there are no series http_request_errors_total of fraud');
});

test('a process that was scraped between two queries is left out until its counters are of one scrape', async () => {
  const series = [...exported('1.0.0', [90, 1, 80]), ...exported('1.1.0', [8, 2, 9])];
  await using each = await standing(series);
  each.server.series = () =>
    each.server.asked.length < 2
      ? series
      : series.map((one) => (one.labels['version'] === '1.1.0' ? { ...one, at: second + 0.75 } : one));
  const { samples = [], arms } = await each.ask();
  assert.deepEqual(Object.keys(arms), ['1.0.0']);
  assert.ok(samples.every(({ version }) => version === '1.0.0'));
});

test('a name is taken as it is written, not as an expression', async () => {
  await using each = await standing(exported('1.0.0', [5, 0, 5], { app: 'a.b' }));
  assert.equal(await whyNot(each.ask('aXb')), 'Prometheus has no http_requests_total of aXb');
  assert.equal((await each.ask('a.b')).arms['1.0.0']?.requests, 5);
});

test('the secret of a header is taken when it is asked, and is in no message', async () => {
  process.env['SOFARE_TEST_COUNTERS'] = 'tok-en-7c1d';
  const headers = [{ key: 'Authorization', value: 'Bearer ${SOFARE_TEST_COUNTERS}' }];
  await using each = await standing(exported('1.0.0', [5, 0, 5]), { headers });
  await each.ask();
  assert.equal(each.server.asked[0]?.authorization, 'Bearer tok-en-7c1d');
  await using refusing = await standing([], { headers });
  refusing.server.instead = { status: 403, body: '{"status":"error","error":"tok-en-7c1d may not"}' };
  assert.equal(await whyNot(refusing.ask()), 'Prometheus: ***** may not');
  delete process.env['SOFARE_TEST_COUNTERS'];
  await using unset = await standing([], { headers });
  assert.equal(await whyNot(unset.ask()), 'SOFARE_TEST_COUNTERS is not set');
});

test('one that stops waiting ends no other, and the last one ends the query', async () => {
  await using each = await standing(exported('1.0.0', [5, 0, 5]));
  const [first, another] = [new AbortController(), new AbortController()];
  const signal = prometheusSignal(source(each.address));
  const [one, other] = [signal.query(first.signal), signal.query(another.signal)];
  first.abort();
  await assert.rejects(one, { name: 'AbortError' });
  assert.equal((await other).arms['1.0.0']?.requests, 5);
  const alone = new AbortController();
  await using silent = await standing([]);
  silent.server.series = () => {
    alone.abort();
    return new Promise(() => {});
  };
  await assert.rejects(prometheusSignal(source(silent.address)).query(alone.signal), { name: 'AbortError' });
  silent.server.series = () => exported('1.0.0', [5, 0, 5]);
  assert.equal((await silent.ask()).arms['1.0.0']?.requests, 5);
});
