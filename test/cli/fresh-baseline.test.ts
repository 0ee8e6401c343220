import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { byEvidence, canaryPolicy } from '../fixtures/canary-policy.ts';
import { Load } from '../fixtures/load.ts';
import { configuration, Local, type Model } from '../fixtures/local.ts';

/** A service with 1.0.0 in production under load, and 1.1.0 registered. */
async function prepared(stable: Model, canary: Model, guard: string): Promise<{ local: Local; load: Load }> {
  const local = new Local({ yaml: configuration(1, `    guard: ${guard}\n`) });
  await local.must(0, 'up', '--unsupervised');
  await local.must(0, 'register', '1.0.0', local.model('1.0.0', stable));
  await local.must(0, 'register', '1.1.0', local.model('1.1.0', canary));
  await local.must(0, 'deploy', '1.0.0', '-y');
  const { address } = await local.service();
  return { local, load: new Load(address, 200) };
}

const running = async (local: Local): Promise<readonly string[]> =>
  (await local.service()).serving.map(({ version }: { version: string }) => version).sort();

/** The first answers of every process are slow, as with a cold cache. */
const cold = { cold: 250 };
const inSteps = ['deploy', '1.1.0', '--steps', '30,100', '--every', '8s', '-y', '-o', 'json'];

test('a version whose only fault is to be new is taken back beside copies that are warm, and passes beside fresh ones', async () => {
  const { local, load } = await prepared(cold, cold, '{ baseline: stable }');
  await using _ = local;
  await load.answered(2 * cold.cold);
  const beside = await local.run(inSteps);
  assert.equal(beside.code, 8, beside.errors);
  assert.match(JSON.parse(beside.output).operation.decision.because, /slow answers .* of 1\.1\.0 .* of 1\.0\.0, over/);
  await local.must(0, 'unhold', '-y');
  await local.must(0, 'unquarantine', '1.1.0', '-y');
  writeFileSync(join(local.directory, 'sofare.yaml'), configuration(1, '    guard: { baseline: fresh }\n'));
  const fresh = await local.run(inSteps);
  await load.stop();
  assert.equal(fresh.code, 0, fresh.errors);
  const { operation } = JSON.parse(fresh.output);
  const { canary, baseline } = operation.guard.state.metrics.errors;
  assert.ok(Math.abs(canary.of - baseline.of) < canary.of / 3, 'both have the same share');
  const { note } = operation.results.find(({ note: said }: { note?: string }) => said !== undefined);
  assert.match(note, /^1\.1\.0 did no worse than 1\.0\.0@fresh over/);
  assert.ok(!(await running(local)).includes('1.0.0@fresh'), 'the fresh copies are stopped');
  assert.deepEqual(load.lost, []);
});

test('a bad version is taken back beside fresh copies too, in a policy, and nothing of them is left', async () => {
  const { local, load } = await prepared({}, { failing: 0.8 }, '{}');
  await using _ = local;
  const steps = 'steps:\n  - setWeight: 30\n  - analysis: { templates: [{ templateName: t }] }\n  - setWeight: 100';
  const metric = byEvidence.replace('alpha: 0.01', 'alpha: 0.01, baseline: fresh');
  writeFileSync(join(local.directory, 'policy.yaml'), canaryPolicy({ canary: steps, metric }));
  const ended = await local.run(['deploy', '1.1.0', '--canary', 'policy.yaml', '-y', '-o', 'json']);
  await load.stop();
  assert.equal(ended.code, 8, ended.errors);
  const { operation } = JSON.parse(ended.output);
  assert.match(operation.decision.because, /errors of 1\.1\.0 \d+\.\d % against 0\.0 % of 1\.0\.0@fresh, over/);
  const shares = operation.plan.steps.flatMap((step: { kind: string; weights: unknown }) =>
    step.kind === 'route' ? [step.weights] : [],
  );
  assert.deepEqual(shares, [{ '1.0.0': 40, '1.0.0@fresh': 30, '1.1.0': 30 }, { '1.1.0': 100 }]);
  assert.ok(!(await running(local)).includes('1.0.0@fresh'));
});
