import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Load } from '../fixtures/load.ts';
import { Local } from '../fixtures/local.ts';

import { bothStoppedAt, killedAt } from './ended-at.ts';

/** Two states with a registry each, on one local host; 1.0.0, then 1.1.0 deployed from the first. */
async function twoMachines(): Promise<{ readonly first: Local; readonly second: Local }> {
  const first = new Local();
  const second = new Local({ beside: first });
  await first.must(0, 'up', '--unsupervised');
  for (const version of ['1.0.0', '1.1.0']) {
    await first.must(0, 'register', version, first.model(version));
    await first.must(0, 'deploy', version, '-y');
  }
  // It has no registry yet, and looks at the record; then its registry begins with what that tells.
  assert.equal((await second.service()).pointer, '1.1.0');
  await second.must(0, 'resume', '--due');
  return { first, second };
}

/** What both say, after each has had a changing command that looks at the record. */
async function agreed(first: Local, second: Local): Promise<readonly unknown[]> {
  const said = [];
  for (const local of [first, second]) {
    await local.must(0, 'resume', '--due');
    const { pointer, operation, differences, serving } = await local.service();
    said.push({ pointer, operation, differences, full: serving.find(({ share }: { share: number }) => share === 100)?.version });
  }
  return said;
}

test('two-machines-meet-at-the-record: what one left is seen, named and taken back by the other', async () => {
  const { first, second } = await twoMachines();
  await using one = first;
  await using two = second;
  const { address } = await one.service();
  await using load = new Load(address, 50);
  await one.must(0, 'register', '1.2.0', one.model('1.2.0'));
  await killedAt(one, ['deploy', '1.2.0', '--steps', '10,100', '--every', '60s', '-y'], 'route.done.after-commit');
  const seen = await two.service();
  assert.deepEqual([seen.operation.kind, seen.operation.to, seen.operation.standing], ['deploy', '1.2.0', 'interrupted']);
  const refused = await two.run(['deploy', '1.0.0', '-y', '-o', 'json']);
  assert.equal(refused.code, 5, refused.output);
  assert.match(refused.output, new RegExp(`${seen.operation.id}.*by ana.*since 20`, 's'));
  await two.must(0, 'rollback', '--reason', 'it stands half-way');
  const wanted = { pointer: '1.1.0', operation: null, differences: [], full: '1.1.0' };
  assert.deepEqual(await agreed(one, two), [wanted, wanted]);
  const resumed = await one.must(0, 'resume', seen.operation.id);
  assert.match(resumed.output, /has ended: superseded/);
  await load.stop();
  assert.deepEqual(load.lost, []);
});

test('two machines that roll back at the same instant make one step back, and lose no request', async () => {
  const { first, second } = await twoMachines();
  await using one = first;
  await using two = second;
  const { address } = await one.service();
  await using load = new Load(address, 50);
  // Both have their operation in their own database, and neither has yet said so beside the target.
  const ended = await bothStoppedAt('create.after-commit', [one, two], ['rollback', '--reason', 'worse answers']);
  assert.deepEqual(
    ended.map(({ code }) => code),
    [0, 0],
    ended.map(({ errors }) => errors).join('\n'),
  );
  const wanted = { pointer: '1.0.0', operation: null, differences: [], full: '1.0.0' };
  assert.deepEqual(await agreed(one, two), [wanted, wanted]);
  await load.stop();
  assert.deepEqual(load.lost, []);
});

test('killed-before-its-first-record-swap: whoever came in between keeps the service, and nothing of the dead one moves', async () => {
  const { first, second } = await twoMachines();
  await using one = first;
  await using two = second;
  await one.must(0, 'register', '1.2.0', one.model('1.2.0'));
  await killedAt(one, ['deploy', '1.2.0', '-y'], 'create.after-commit');
  await two.must(0, 'rollback');
  await one.must(0, 'resume');
  const wanted = { pointer: '1.0.0', operation: null, differences: [], full: '1.0.0' };
  assert.deepEqual(await agreed(one, two), [wanted, wanted]);
  const { serving } = await one.service();
  assert.equal(
    serving.some(({ version }: { version: string }) => version === '1.2.0'),
    false,
    'it never ran',
  );
});
