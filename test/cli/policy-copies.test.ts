import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { canaryPolicy } from '../fixtures/canary-policy.ts';
import { Load } from '../fixtures/load.ts';
import { configuration, Local, type Model } from '../fixtures/local.ts';

/** A service with so many copies of 1.0.0 in production, 1.1.0 registered, and a policy file. */
async function prepared(copies: number, canary: (local: Local) => Model, policy: (local: Local) => string): Promise<Local> {
  const local = new Local({ yaml: configuration(copies) });
  writeFileSync(join(local.directory, 'policy.yaml'), policy(local));
  await local.must(0, 'up', '--unsupervised');
  await local.must(0, 'register', '1.0.0', local.model('1.0.0'));
  await local.must(0, 'register', '1.1.0', local.model('1.1.0', canary(local)));
  await local.must(0, 'deploy', '1.0.0', '-y');
  return local;
}

const deploying = ['deploy', '1.1.0', '--canary', 'policy.yaml', '-y', '-o', 'json'];

/** Processes of 1.1.0 that are ready, and its share. */
async function standing(local: Local): Promise<readonly [ready: number, share: number]> {
  const [service] = (await local.document('up')).services;
  const { copies = [] } = service.versions.find(({ version }: { version: string }) => version === '1.1.0') ?? {};
  return [copies.filter(({ state }: { state: string }) => state === 'ready').length, service.weights['1.1.0'] ?? 0];
}

test('setCanaryScale starts as many processes as it says before their traffic, and all of them before all of it', async () => {
  const steps =
    'steps:\n  - setCanaryScale: { replicas: 1 }\n  - setWeight: 10\n  - pause: {}\n  - setWeight: 50\n  - setCanaryScale: { matchTrafficWeight: true }\n  - pause: {}';
  await using local = await prepared(
    3,
    () => ({}),
    () => canaryPolicy({ canary: steps }),
  );
  const load = new Load((await local.service()).address, 50);
  await local.must(0, ...deploying);
  assert.deepEqual(await standing(local), [1, 10]);
  await local.must(0, 'promote', '-y');
  assert.deepEqual(await standing(local), [2, 50]);
  await local.must(0, 'promote', '-y');
  assert.deepEqual(await standing(local), [3, 100]);
  await load.stop();
  assert.deepEqual(load.lost, []);
});

test('copies that make no progress until the deadline: taken back where the policy says so, else a person is waited for', async () => {
  const steps =
    'abortScaleDownDelaySeconds: 0\nsteps:\n  - setCanaryScale: { replicas: 1 }\n  - setWeight: 20\n  - setCanaryScale: { replicas: 2 }\n  - setWeight: 60';
  const file = (local: Local): string => join(local.directory, 'first');
  const policy = (abort: boolean): string =>
    canaryPolicy({ canary: steps, spec: `progressDeadlineSeconds: 3\nprogressDeadlineAbort: ${abort}` });
  await using local = await prepared(
    2,
    (begun) => ({ alone: file(begun) }),
    () => policy(false),
  );
  const waits = await local.run(deploying);
  assert.equal(waits.code, 10, waits.errors);
  assert.deepEqual(await standing(local), [1, 20]);
  await local.must(0, 'abort', '-y');
  assert.deepEqual((await standing(local))[1], 0);

  writeFileSync(join(local.directory, 'policy.yaml'), policy(true));
  const back = await local.run(deploying);
  assert.equal(back.code, 8, back.errors);
  const { decision } = JSON.parse(back.output).operation;
  assert.match(decision.because, /^1\.1\.0 has failed: 1\.1\.0 never became ready \(the time for it is over\)/);
  const { pointer, hold, quarantined } = await local.service();
  assert.deepEqual([pointer, hold === null, quarantined[0].version], ['1.0.0', false, '1.1.0']);
});

test('where no data is to be waited for, the analysis goes on asking until there is some', async () => {
  const steps = 'steps:\n  - setWeight: 20\n  - analysis: { templates: [{ templateName: t }] }';
  const metric = ({ directory }: Local): string =>
    `name: score
interval: 300ms
count: 2
consecutiveErrorLimit: 0
successCondition: result > 0.5
provider:
  plugin:
    sofare/command: { command: [sh, -c, "echo asked >> ${directory}/asked; cat ${directory}/score"], jsonPath: "{$.score}" }
`;
  const policy = (local: Local): string =>
    canaryPolicy({ canary: steps, metric: metric(local), annotations: 'annotations: { sofare/on-no-data: wait }' });
  await using local = await prepared(1, () => ({}), policy);
  const asked = (): number => {
    const file = join(local.directory, 'asked');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').length : 0;
  };
  const running = local.follow(deploying);
  while (asked() < 3) assert.equal((await local.service()).hold, null);
  writeFileSync(join(local.directory, 'score'), '{"score": 0.9}');
  const ended = await running.ended;
  assert.equal(ended.code, 0, ended.errors);
  const note = JSON.parse(ended.output).operation.results.find((each: { note?: string }) => each.note?.startsWith('score'))?.note;
  assert.match(note, /^score passed, 2 measured, last 0\.9/);
});
