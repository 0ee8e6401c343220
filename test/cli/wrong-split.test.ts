import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseArm, sharesOf } from '../../src/host/arm.ts';
import { Load } from '../fixtures/load.ts';
import { configuration, Local } from '../fixtures/local.ts';

const service = 'fraud-scorer';

/** An id that these weights give to this version. */
function idAt(weights: Readonly<Record<string, number>>, version: string): string {
  for (let number = 0; ; number += 1) {
    const id = `again-${number}`;
    if (chooseArm(sharesOf(weights), service, id) === version) return id;
  }
}

/** Deploys a version that is the same, while a client gives every third of its requests the same id, so that all of these go to one version. */
async function deployed(guard: string, weights: Readonly<Record<string, number>>, favoured: string) {
  const local = new Local({ yaml: configuration(1, `    guard: ${guard}\n`) });
  await local.must(0, 'up', '--unsupervised');
  for (const version of ['1.0.0', '1.1.0']) await local.must(0, 'register', version, local.model(version, { failing: 0.02 }));
  await local.must(0, 'deploy', '1.0.0', '-y');
  const id = idAt(weights, favoured);
  const load = new Load((await local.service()).address, 150, 0, (count) => (count % 3 === 0 ? id : `r${count}`));
  await load.answered(200);
  const ended = await local.run(['deploy', '1.1.0', '--steps', '20,100', '--every', '60s', '-y', '-o', 'json']);
  await load.stop();
  return { local, ended, lost: load.lost };
}

for (const [what, guard, weights, favoured, said] of [
  [
    'a version gets more than its share',
    '{ deadline: 120s }',
    { '1.0.0': 80, '1.1.0': 20 },
    '1.1.0',
    /^1\.1\.0 got [3456]\d\.\d % of the requests where 20\.0 % was set/,
  ],
  [
    'the fresh copies beside it get more than theirs',
    '{ baseline: fresh, deadline: 120s }',
    { '1.0.0': 60, '1.0.0@fresh': 20, '1.1.0': 20 },
    '1.0.0@fresh',
    /^1\.1\.0 got \d+\.\d %, and 1\.0\.0@fresh [3456]\d\.\d % of the requests where 20\.0 %, and 20\.0 %, were set/,
  ],
] as const) {
  test(`where ${what}, the guard pauses, whatever the versions answer, and takes nothing back`, async () => {
    const { local, ended, lost } = await deployed(guard, weights, favoured);
    await using _ = local;
    assert.equal(ended.code, 11, ended.errors);
    const { decision } = JSON.parse(ended.output).operation;
    assert.equal(decision.cause, 'split');
    assert.match(decision.because, said);
    const { serving, pointer, hold, quarantined } = await local.service();
    const shares = Object.fromEntries(serving.map(({ version, share }: { version: string; share: number }) => [version, share]));
    assert.deepEqual([shares, pointer, hold, quarantined], [weights, '1.0.0', null, []]);
    assert.deepEqual(lost, []);
  });
}
