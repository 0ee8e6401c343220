import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { byEvidence, canaryPolicy } from '../fixtures/canary-policy.ts';
import { Load } from '../fixtures/load.ts';
import { configuration, Local, type Model } from '../fixtures/local.ts';

/** A service with 1.0.0 in production under load, and 1.1.0 registered. */
async function prepared(canary: Model, guard = '{}'): Promise<{ local: Local; load: Load }> {
  const local = new Local({ yaml: configuration(1, `    guard: ${guard}\n`) });
  await local.must(0, 'up', '--unsupervised');
  await local.must(0, 'register', '1.0.0', local.model('1.0.0'));
  await local.must(0, 'register', '1.1.0', local.model('1.1.0', canary));
  await local.must(0, 'deploy', '1.0.0', '-y');
  const { address } = await local.service();
  return { local, load: new Load(address, 150) };
}

const deploying = ['deploy', '1.1.0', '--canary', 'policy.yaml', '-y', '-o', 'json'];

function write(local: Local): void {
  const steps = 'steps:\n  - setWeight: 30\n  - analysis: { templates: [{ templateName: t }] }\n  - setWeight: 100';
  writeFileSync(join(local.directory, 'policy.yaml'), canaryPolicy({ canary: steps, metric: byEvidence }));
}

test('a policy whose metric is our judge passes a sound version once enough was seen, killed in the middle or not', async () => {
  const { local, load } = await prepared({});
  await using _ = local;
  write(local);
  const killed = await local.run(deploying, { SOFARE_FAILPOINT: 'canary.measured.after-commit:4:kill' });
  assert.equal(killed.signal, 'SIGKILL');
  const ended = await local.run(['resume', '-y', '-o', 'json']);
  await load.stop();
  assert.equal(ended.code, 0, ended.errors);
  const { operation } = JSON.parse(ended.output);
  assert.match(operation.results[2].note, /^evidence passed, 1 measured, last \{"evidence":/);
  const { state } = operation.canary.guards['inline/evidence'];
  assert.ok(state.lastIntervalId > 4 && state.consumed >= 2);
  assert.ok(state.metrics.errors.canary.of > 100);
});

test('the same policy takes a bad version back by evidence, and says how much', async () => {
  const { local, load } = await prepared({ failing: 1 });
  await using _ = local;
  write(local);
  const ended = await local.run(deploying);
  await load.stop();
  const said = `${ended.errors}${ended.output}`;
  assert.equal(ended.code, 8, said);
  assert.match(
    JSON.parse(ended.output).operation.decision.because,
    /errors of 1\.1\.0 \d+\.\d % against .*: evidence (?:over )?[\d,]+ to 1, 100 to 1 needed/,
    said,
  );
});

test('a version that is tried again goes on with the evidence that it left', async () => {
  const { local, load } = await prepared({}, '{ deadline: 4s, onUndecided: pause }');
  await using _ = local;
  const tried = ['deploy', '1.1.0', '--steps', '10,100', '--every', '60s', '-y', '-o', 'json'];
  const first = await local.run(tried);
  assert.equal(first.code, 11, first.errors);
  const { operation } = JSON.parse(first.output);
  await local.must(0, 'abort', '-y');
  const second = await local.run(tried);
  await load.stop();
  assert.equal(second.code, 11, second.errors);
  const { carried } = JSON.parse(second.output).operation.guard.state;
  assert.deepEqual([carried.operation, carried.try], [operation.id, 2]);
  assert.ok(Math.abs(carried.logE - operation.guard.state.fused) < 1e-9);
});
