import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { hostClient } from '../../src/adapters/kit/host-client.ts';
import { prometheusSignal } from '../../src/adapters/signal/prometheus-signal.ts';
import { signalContract } from '../contract/signal-contract.ts';
import { Load } from '../fixtures/load.ts';
import { configuration, Local } from '../fixtures/local.ts';
import { freePort, Prometheus } from '../fixtures/prometheus.ts';
import { sourceOf } from '../fixtures/prometheus-source.ts';
import { service as scorer } from '../host/fixtures/test-host.ts';

signalContract('a real Prometheus', async (_host, metrics) => {
  const real = new Prometheus(await freePort(), metrics.replace('http://', ''));
  await real.start('sum(sofare_requests_total)');
  return {
    signal: prometheusSignal(sourceOf(real.address, scorer)),
    gone: () => real.stop(),
    [Symbol.asyncDispose]: () => real.remove(),
  };
});

let local: Local;
let load: Load;
let prometheus: Prometheus;

const versions = ['1.1.0', '1.2.0', '1.3.0', '1.4.0', '1.5.0'];
const rate = 'sum(rate(sofare_requests_total[5s]))';

before(async () => {
  const [asked, scraped] = [await freePort(), `127.0.0.1:${await freePort()}`];
  prometheus = new Prometheus(asked, scraped);
  const yaml = configuration(1, '    guard: { deadline: 60s }\n')
    .replace('listen: "127.0.0.1:0"', `listen: "127.0.0.1:0", metrics: "${scraped}"`)
    .replace(/signals: .*/, `signals: { prometheus: { address: "${prometheus.address}", every: 1s } }`);
  local = new Local({ yaml });
  await local.must(0, 'up', '--unsupervised');
  await local.must(0, 'register', '1.0.0', local.model('1.0.0'));
  await local.must(0, 'register', '1.1.0', local.model('1.1.0', { failing: 0.3 }));
  await local.must(0, 'register', '1.2.0', local.model('1.2.0', { slow: 60 }));
  for (const version of versions.slice(2)) await local.must(0, 'register', version, local.model(version));
  await local.must(0, 'deploy', '1.0.0', '-y');
  load = new Load((await local.service()).address, 100);
  await load.answered(200);
  await prometheus.start(rate);
});

after(async () => {
  await load?.stop();
  await prometheus?.remove();
  await local?.[Symbol.asyncDispose]();
});

// biome-ignore lint/suspicious/noExplicitAny: a document is read as the test expects it
async function deployed(version: string): Promise<{ code: number | null; errors: string; operation: any }> {
  const { code, errors, output } = await local.run(['deploy', version, '--steps', '30,100', '--every', '3s', '-y', '-o', 'json']);
  return { code, errors, operation: JSON.parse(output).operation };
}

test('a version that errs is taken back by what a real Prometheus scraped, without a policy file', async () => {
  const { code, errors, operation } = await deployed('1.1.0');
  assert.equal(code, 8, errors);
  assert.match(operation.decision.because, /^errors of 1\.1\.0 \d+\.\d % against 0\.0 % of 1\.0\.0, over \d/);
  assert.equal((await local.service()).pointer, '1.0.0');
  await local.must(0, 'unhold', '-y');
});

test('a version that is slower is taken back by its histogram', async () => {
  const { code, errors, operation } = await deployed('1.2.0');
  assert.equal(code, 8, errors);
  assert.match(operation.decision.because, /slow answers/);
  await local.must(0, 'unhold', '-y');
});

test('a sound version is promoted by it, though the process was killed in the middle', async () => {
  const killed = await local.run(['deploy', '1.3.0', '--steps', '30,100', '--every', '3s', '-y'], {
    SOFARE_FAILPOINT: 'bake.evidence.after-commit:3:kill',
  });
  assert.equal(killed.signal, 'SIGKILL');
  const { code, errors, output } = await local.run(['resume', '-y', '-o', 'json']);
  assert.equal(code, 0, errors);
  const { operation } = JSON.parse(output);
  assert.ok(operation.guard.state.lastIntervalId > 3, 'it went on with what it knew');
  assert.ok(operation.guard.reading.ledger.instances.length === 1, 'it was judged by what one process exports');
  assert.equal((await local.service()).pointer, '1.3.0');
});

test('counters that begin again, their host killed, are no burst: what is counted is no more than what was asked', async () => {
  const before = load.answers.length;
  const deploying = deployed('1.4.0');
  const share = async () =>
    (await local.service()).serving.find(({ version }: { version: string }) => version === '1.4.0')?.share;
  while ((await share()) !== 30);
  const host = hostClient(join(local.directory, '.sofare', 'host'));
  process.kill((await host.hello(AbortSignal.timeout(10_000))).pid, 'SIGKILL');
  host.close();
  const { code, errors, operation } = await deploying;
  assert.equal(code, 0, errors);
  const { canary, baseline } = operation.guard.state.metrics.errors;
  const [counted] = Object.entries<{ value: number }>(operation.guard.reading.ledger.series).flatMap(([name, { value }]) =>
    /^1\.3\.0 .* requests$/.test(name) ? [value] : [],
  );
  assert.ok((counted ?? Number.NaN) < before, 'they did begin again');
  assert.ok(canary.of + baseline.of <= load.answers.length - before, JSON.stringify({ canary, baseline }));
});

test('a Prometheus that is stopped leaves the version undecided where it is, and says why', async () => {
  const file = join(local.directory, 'sofare.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('deadline: 60s', 'deadline: 4s'));
  await prometheus.stop();
  const { code, errors, operation } = await deployed('1.5.0');
  assert.equal(code, 11, errors);
  assert.match(operation.problem.why, /nothing is decided: .*Prometheus: ECONNREFUSED/);
  assert.equal((await local.service()).pointer, '1.4.0');
});
