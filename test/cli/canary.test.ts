import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { canaryPolicy, fewErrors } from '../fixtures/canary-policy.ts';
import { Load } from '../fixtures/load.ts';
import { configuration, Local, type Model } from '../fixtures/local.ts';

/** A service with 1.0.0 in production under load, 1.1.0 registered, and a policy file. */
async function prepared(canary: Model, policy: string, perSecond = 150): Promise<{ local: Local; load: Load | null }> {
  const local = new Local({ yaml: configuration(1) });
  writeFileSync(join(local.directory, 'policy.yaml'), policy);
  await local.must(0, 'up', '--unsupervised');
  await local.must(0, 'register', '1.0.0', local.model('1.0.0'));
  await local.must(0, 'register', '1.1.0', local.model('1.1.0', canary));
  await local.must(0, 'deploy', '1.0.0', '-y');
  const { address } = await local.service();
  return { local, load: perSecond > 0 ? new Load(address, perSecond) : null };
}

const analysis = '- analysis: { templates: [{ templateName: t }] }';
const deploying = ['deploy', '1.1.0', '--canary', 'policy.yaml', '-y', '-o', 'json'];
const steps = canaryPolicy({
  canary: `steps:\n  - setWeight: 30\n  - pause: { duration: 1s }\n  ${analysis}\n  - setWeight: 100`,
  metric: fewErrors,
});

const shareOf = async (local: Local): Promise<number | undefined> =>
  (await local.service()).serving.find(({ version }: { version: string }) => version === '1.1.0')?.share;

/** Deploys 1.1.0 by this policy. */
async function deployed(local: Local, policy: string, environment: NodeJS.ProcessEnv = {}) {
  writeFileSync(join(local.directory, 'policy.yaml'), policy);
  const ended = await local.run(deploying, environment);
  return { ...ended, document: ended.output === '' ? null : JSON.parse(ended.output) };
}

async function forgiven(local: Local): Promise<void> {
  await local.must(0, 'unhold', '-y');
  await local.must(0, 'unquarantine', '1.1.0', '-y');
}

test('a sound version goes through every step of its policy, killed in the analysis or not, with what was measured', async () => {
  const { local, load } = await prepared({}, steps);
  await using _ = local;
  const killed = await local.run(deploying, { SOFARE_FAILPOINT: 'canary.measured.after-commit:2:kill' });
  assert.equal(killed.signal, 'SIGKILL');
  const ended = await local.run(['resume', '-y', '-o', 'json']);
  await load?.stop();
  assert.equal(ended.code, 0, ended.errors);
  const { operation } = JSON.parse(ended.output);
  assert.deepEqual(
    operation.plan.steps.map(({ kind }: { kind: string }) => kind),
    ['wake', 'route', 'pause', 'analysis', 'route', 'confirm'],
  );
  assert.equal(operation.owners.length, 2);
  assert.match(operation.results[3].note, /^errors passed, 4 measured/);
  assert.equal((await local.must(0, 'current')).output.trim(), '1.1.0');
  assert.deepEqual(load?.lost, []);
});

test('a version that fails its analysis is taken back, held and written up, though the process died before it acted', async () => {
  const { local, load } = await prepared({ failing: 1 }, steps);
  await using _ = local;
  const killed = await local.run(deploying, { SOFARE_FAILPOINT: 'canary.decided.after-commit:1:kill' });
  assert.equal(killed.signal, 'SIGKILL');
  const ended = await local.run(['resume', '-y', '-o', 'json']);
  assert.equal(ended.code, 8, ended.errors);
  assert.match(JSON.parse(ended.output).operation.decision.because, /assessed Failed due to failed \(2\) > failureLimit \(1\)/);
  const { pointer, hold, quarantined } = await local.service();
  assert.deepEqual([pointer, hold === null, quarantined.length], ['1.0.0', false, 1]);
  // However its lines are broken.
  const incident = (await local.must(0, 'incident', 'show')).output.replaceAll(/\s+/g, ' ');
  assert.match(incident, /trigger a policy, by fixed thresholds: .*failed \(2\) > failureLimit \(1\)/);
  assert.match(incident, /the metric errors is failed: \{"requests"/);
  // Beside the steps the same analysis ends a pause that would have lasted.
  await forgiven(local);
  const canary =
    'analysis: { startingStep: 1, templates: [{ templateName: t }] }\nsteps:\n  - setWeight: 30\n  - pause: { duration: 10m }';
  const beside = await deployed(local, canaryPolicy({ canary, metric: fewErrors.replace('count: 4\n', '') }));
  await load?.stop();
  assert.equal(beside.code, 8, beside.errors);
  assert.match(beside.document.operation.decision.because, /^the analysis beside the steps is failed/);
});

test('a pause without an end waits for promote, which goes on with the next step; --full and abort leave the policy', async () => {
  const canary = 'steps:\n  - setWeight: 20\n  - pause: {}\n  - setWeight: 60\nautoPromotionEnabled: false';
  const { local } = await prepared({}, canaryPolicy({ canary }), 0);
  await using _ = local;
  assert.match((await local.must(0, ...deploying.slice(0, -2))).output, /1\.1\.0 has 20% .*waits for promote/);
  await local.must(0, 'abort', '-y');
  assert.equal((await local.service()).pointer, '1.0.0');
  await local.must(0, ...deploying);
  await local.must(0, 'promote', '-y');
  // The final gate: autoPromotionEnabled is honoured under canary too.
  assert.deepEqual([await shareOf(local), (await local.service()).pointer], [60, '1.0.0']);
  await local.must(0, 'promote', '-y');
  assert.deepEqual([await shareOf(local), (await local.service()).pointer], [100, '1.1.0']);
  await local.must(0, 'deploy', '1.0.0', '--canary', 'policy.yaml', '-y');
  await local.must(0, 'promote', '--full', '-y');
  assert.equal((await local.service()).pointer, '1.0.0');
});

test('what cannot be carried out is refused before anything moves; no data and a dead version end as they should', async () => {
  const { local } = await prepared({}, '', 0);
  await using _ = local;
  const refused = await deployed(local, canaryPolicy({ canary: 'steps:\n  - experiment: {}' }));
  assert.equal(refused.code, 2);
  assert.match(`${refused.output}${refused.errors}`, /policy\.yaml:\d+:\d+: a step has experiment: it needs/);
  const header = 'headers: [{ key: Authorization, value: "Bearer ${SOFARE_TEST_TOKEN}" }]';
  const asking = `name: m\nsuccessCondition: result[0] > 1\nprovider: { prometheus: { address: "http://127.0.0.1:9", query: up, ${header} } }`;
  const unset = await deployed(local, canaryPolicy({ canary: `steps:\n  ${analysis}`, metric: asking }));
  assert.match(`${unset.output}${unset.errors}`, /SOFARE_TEST_TOKEN, which is not set/);
  assert.equal((await local.run([...deploying, '--steps', '10'])).code, 2);
  assert.equal((await local.service()).operation, null);

  // Argo takes data that is not there for an error, and more of them in a row than the limit take the version back.
  const metric = fewErrors.replace('consecutiveErrorLimit: 20', 'consecutiveErrorLimit: 0');
  const canary = `steps:\n  - setWeight: 20\n  ${analysis}`;
  const failed = await deployed(local, canaryPolicy({ canary, metric }));
  assert.equal(failed.code, 8, failed.errors);
  assert.match(failed.document.operation.decision.because, /0 requests since the last measurement, 5 are wanted/);
  await forgiven(local);
  const inconclusive = 'annotations: { sofare/on-no-data: inconclusive }';
  const paused = await deployed(local, canaryPolicy({ canary, metric, annotations: inconclusive }));
  assert.equal(paused.code, 11, paused.errors);
  await local.must(0, 'abort', '-y');

  writeFileSync(
    join(local.directory, 'policy.yaml'),
    canaryPolicy({ canary: 'steps:\n  - setWeight: 20\n  - pause: { duration: 10m }' }),
  );
  const running = local.run(deploying);
  while ((await shareOf(local)) !== 20);
  const { pid } = (await local.document('up')).services[0].versions
    .find(({ version }: { version: string }) => version === '1.1.0')
    .copies.find(({ state }: { state: string }) => state === 'ready');
  process.kill(pid, 'SIGSTOP');
  const ended = await running;
  process.kill(pid, 'SIGKILL');
  assert.equal(ended.code, 8, ended.errors);
  assert.match(JSON.parse(ended.output).operation.decision.because, /1\.1\.0 has failed/);
  await forgiven(local);

  const template = canaryPolicy({ canary: '', metric: fewErrors }).split('---')[1];
  const blueGreen = await deployed(
    local,
    `apiVersion: argoproj.io/v1alpha1
kind: Rollout
metadata: { name: fraud-scorer }
spec:
  strategy:
    blueGreen:
      activeService: a
      postPromotionAnalysis: { templates: [{ templateName: t }] }
---${template?.replace('sofare/proxy: { least: 5 }', 'sofare/command: { command: [echo, "{\\"errorRate\\": 0.5}"] }')}`,
  );
  assert.equal(blueGreen.code, 8, blueGreen.errors);
  assert.deepEqual(
    blueGreen.document.operation.plan.steps.map(({ kind }: { kind: string }) => kind).filter((kind: string) => kind !== 'wake'),
    ['route', 'analysis', 'route', 'confirm'],
  );
  assert.equal((await local.service()).pointer, '1.0.0');
});
