import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { canaryPolicy, fewErrors } from '../fixtures/canary-policy.ts';
import { Load } from '../fixtures/load.ts';
import { configuration, Local, type Model } from '../fixtures/local.ts';

const beside = (startingStep: number): string =>
  canaryPolicy({
    canary: `analysis: { startingStep: ${startingStep}, templates: [{ templateName: t }] }\nsteps:\n  - setWeight: 30\n  - pause: {}\n  - setWeight: 60\n  - pause: {}`,
    metric: fewErrors.replace('count: 4\n', ''),
  });

/** A service with 1.0.0 in production under load, 1.1.0 registered, and a policy that waits for a person and measures beside. */
async function prepared(canary: Model, up: readonly string[]): Promise<{ local: Local; load: Load }> {
  const local = new Local({ yaml: configuration(1) });
  writeFileSync(join(local.directory, 'policy.yaml'), beside(1));
  await local.must(0, 'up', ...up);
  await local.must(0, 'register', '1.0.0', local.model('1.0.0'));
  await local.must(0, 'register', '1.1.0', local.model('1.1.0', canary));
  await local.must(0, 'deploy', '1.0.0', '-y');
  const { address } = await local.service();
  return { local, load: new Load(address, 150) };
}

const deploying = ['deploy', '1.1.0', '--canary', 'policy.yaml', '-y', '-o', 'json'];

/** Follows the service until it is as wanted. */
// biome-ignore lint/suspicious/noExplicitAny: a document is read as the test expects it
async function until(local: Local, wanted: (service: any) => boolean): Promise<any> {
  for (;;) {
    const service = await local.service();
    if (wanted(service)) return service;
  }
}

const at =
  (share: number) =>
  ({ serving, operation }: { serving: { version: string; share: number }[]; operation: { step: string } | null }): boolean =>
    operation?.step === 'pause' && serving.some((each) => each.version === '1.1.0' && each.share === share);

test('a version that goes bad while it waits for a person is taken back by what is measured beside the steps', async () => {
  const { local, load } = await prepared({ failing: 1 }, ['--unsupervised']);
  await using _ = local;
  const ended = await local.run(deploying);
  await load.stop();
  assert.equal(ended.code, 8, ended.errors);
  const { operation } = JSON.parse(ended.output);
  assert.match(operation.decision.because, /^the analysis beside the steps is failed/);
  assert.equal(operation.plan.steps[operation.stepsDone].kind, 'pause');
});

test('the process that measured dies while it waits: the local host measures on, and takes the version back', async () => {
  const { local, load } = await prepared({ failing: 1 }, []);
  await using _ = local;
  const killed = await local.run(deploying, { SOFARE_FAILPOINT: 'canary.begin.after-commit:1:kill' });
  assert.equal(killed.signal, 'SIGKILL');
  const { pointer, quarantined } = await until(local, ({ operation, hold }) => operation === null && hold !== null);
  await load.stop();
  assert.deepEqual([pointer, quarantined[0].version], ['1.0.0', '1.1.0']);
  assert.deepEqual(load.lost, []);
});

test('promote goes on with the next step while it is measured, and who had waited ends as the deploy does', async () => {
  const { local, load } = await prepared({}, ['--unsupervised']);
  await using _ = local;
  const waiting = local.follow(deploying);
  await until(local, at(30));
  const promoting = local.follow(['promote', '-y', '-o', 'json']);
  await until(local, at(60));
  const full = await local.run(['promote', '--full', '-y', '-o', 'json']);
  await load.stop();
  assert.equal(full.code, 0, full.errors);
  const [first, second] = await Promise.all([waiting.ended, promoting.ended]);
  assert.deepEqual([first.code, second.code], [0, 0], `${first.errors}${second.errors}`);
  assert.equal((await local.service()).pointer, '1.1.0');
  assert.deepEqual(load.lost, []);
});
