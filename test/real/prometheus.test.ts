import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Load } from '../fixtures/load.ts';
import { configuration, Local } from '../fixtures/local.ts';
import { freePort, Prometheus } from '../fixtures/prometheus.ts';

const yaml = configuration(1).replace('listen: "127.0.0.1:0"', 'listen: "127.0.0.1:0", metrics: "127.0.0.1:0"');
const versions = ['1.1.0', '1.2.0', '1.3.0', '1.4.0'];

let local: Local;
let load: Load;
let prometheus: Prometheus;

before(async () => {
  local = new Local({ yaml });
  await local.must(0, 'up', '--unsupervised');
  await local.must(0, 'register', '1.0.0', local.model('1.0.0'));
  await local.must(0, 'register', '1.1.0', local.model('1.1.0', { failing: 1 }));
  for (const version of versions.slice(1)) await local.must(0, 'register', version, local.model(version));
  await local.must(0, 'deploy', '1.0.0', '-y');
  load = new Load((await local.service()).address, 100);
  const { metrics } = (await local.document('up')).services[0];
  prometheus = new Prometheus(await freePort(), metrics.replace('http://', ''));
  await prometheus.start('sum(rate(sofare_requests_total[5s]))');
});

after(async () => {
  await load?.stop();
  await prometheus?.remove();
  await local?.[Symbol.asyncDispose]();
});

const rate = (name: string): string => `sum(rate(sofare_${name}_total{version="{{args.version}}"}[4s]))`;
const errorRate = `(${rate('request_errors')} or vector(0)) / ${rate('requests')}`;

/** Deploys by a policy that asks this Prometheus. */
async function deployed(version: string, query: string, more: { readonly kill?: string; readonly metric?: string } = {}) {
  writeFileSync(
    join(local.directory, 'policy.yaml'),
    `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: fraud-scorer }
spec:
  strategy:
    canary:
      steps:
        - setWeight: 40
        - pause: { duration: 5 }
        - analysis:
            templates: [{ templateName: errors }]
            args: [{ name: version, valueFrom: { podTemplateHashValue: Latest } }]
---
apiVersion: argoproj.io/v1alpha1
kind: AnalysisTemplate
metadata: { name: errors, annotations: { sofare/on-no-data: inconclusive } }
spec:
  args: [{ name: version }]
  metrics:
    - name: errors
      interval: 1s
      count: 3
      failureLimit: 1
      successCondition: result[0] < 0.1
      ${more.metric ?? ''}
      provider:
        prometheus:
          address: ${prometheus.address}
          timeout: 5
          query: ${JSON.stringify(query)}
`,
  );
  const ended = await local.run(
    ['deploy', version, '--canary', 'policy.yaml', '-y', '-o', 'json'],
    more.kill ? { SOFARE_FAILPOINT: more.kill } : {},
  );
  return { ...ended, because: ended.output === '' ? '' : String(JSON.parse(ended.output).operation?.decision?.because) };
}

test('a bad version is taken back by what a real Prometheus measured', async () => {
  const ended = await deployed('1.1.0', errorRate);
  assert.equal(ended.code, 8, ended.errors);
  assert.match(ended.because, /Metric "errors" assessed Failed due to failed \(2\) > failureLimit \(1\)/);
  assert.equal((await local.service()).pointer, '1.0.0');
  await local.must(0, 'unhold', '-y');
});

test('a sound version is promoted by it, though the process was killed in the middle', async () => {
  const killed = await deployed('1.2.0', errorRate, { kill: 'canary.measured.after-commit:1:kill' });
  assert.equal(killed.signal, 'SIGKILL');
  const resumed = await local.run(['resume', '-y', '-o', 'json']);
  assert.equal(resumed.code, 0, resumed.errors);
  assert.equal((await local.service()).pointer, '1.2.0');
});

test('series that are not there and values that are no numbers are undecided: the version stays where it is', async () => {
  for (const query of ['sofare_no_such_series', 'vector(0) / vector(0)']) {
    const ended = await deployed('1.3.0', query);
    assert.equal(ended.code, 11, ended.errors);
    assert.match(ended.because, /inconclusive: Metric "errors" assessed Inconclusive .*no data/);
    await local.must(0, 'abort', '-y');
  }
});

test('a version that answers nothing is taken back at once, whatever Prometheus says', async () => {
  const running = deployed('1.3.0', 'vector(0)', { metric: 'initialDelay: 60s' });
  const serving = async () => (await local.service()).serving.find(({ version }: { version: string }) => version === '1.3.0');
  while ((await serving())?.share !== 40);
  const { pid } = (await local.document('up')).services[0].versions
    .find(({ version }: { version: string }) => version === '1.3.0')
    .copies.find(({ state }: { state: string }) => state === 'ready');
  process.kill(pid, 'SIGSTOP');
  const ended = await running;
  process.kill(pid, 'SIGKILL');
  assert.equal(ended.code, 8, ended.errors);
  assert.match(ended.because, /1\.3\.0 has failed/);
  await local.must(0, 'unhold', '-y');
});

test('a Prometheus that is stopped leaves the version undecided, and nothing is rolled back for it', async () => {
  await prometheus.stop();
  const ended = await deployed('1.4.0', errorRate);
  assert.equal(ended.code, 11, ended.errors);
  assert.match(ended.because, /Inconclusive .*no data: Prometheus: ECONNREFUSED/);
  assert.equal((await local.service()).pointer, '1.2.0');
});
