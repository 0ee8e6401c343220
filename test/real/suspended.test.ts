import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { test } from 'node:test';
import { hostClient } from '../../src/adapters/kit/host-client.ts';
import { Load } from '../fixtures/load.ts';
import { Local } from '../fixtures/local.ts';
import { familyOf, parentOf, standsStill } from '../fixtures/stopped-process.ts';

/** Some looks of the supervisor, and more than any probe or answer may take. */
const longSuspension = 6_000;

async function twoVersions(local: Local, ...up: readonly string[]): Promise<void> {
  await local.must(0, 'up', ...up);
  for (const version of ['1.0.0', '1.1.0']) await local.must(0, 'register', version, local.model(version));
  await local.must(0, 'deploy', '1.0.0', '-y');
}

function endOf(child: ChildProcess): Promise<{ readonly code: number | null; readonly said: string }> {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part) => (said += part));
  return once(child, 'close').then(([code]) => ({ code, said }));
}

async function ends(local: Local): Promise<unknown> {
  const { pointer, operation, differences, serving } = await local.service();
  const shares = serving.filter(({ share }: { share: number }) => share > 0).map(({ version }: { version: string }) => version);
  return { pointer, operation, differences, shares };
}

const atRest = (version: string) => ({ pointer: version, operation: null, differences: [], shares: [version] });

for (const point of ['wake.before-apply', 'route.before-apply', 'route.after-apply']) {
  test(`a controller suspended at ${point} keeps its operation while it lives, and ends it when it wakes`, async () => {
    await using local = new Local();
    await twoVersions(local);
    const deploy = local.start(['deploy', '1.1.0', '-y'], { SOFARE_FAILPOINT: `${point}:1:stop` });
    const ended = endOf(deploy);
    await standsStill(deploy.pid ?? 0);
    await pass(longSuspension);
    const { operation } = await local.service();
    await local.must(5, 'resume', operation.id);
    await local.must(5, 'deploy', '1.1.0', '-y');
    deploy.kill('SIGCONT');
    const { code, said } = await ended;
    assert.equal(code, 0, said);
    assert.deepEqual(await ends(local), atRest('1.1.0'));
  });

  test(`a controller suspended at ${point} whose deploy was taken back meanwhile changes nothing when it wakes`, async () => {
    await using local = new Local();
    await twoVersions(local, '--unsupervised');
    const deploy = local.start(['deploy', '1.1.0', '-y'], { SOFARE_FAILPOINT: `${point}:1:stop` });
    const ended = endOf(deploy);
    await standsStill(deploy.pid ?? 0);
    await local.must(0, 'rollback', '--reason', 'it hangs', '-y');
    assert.deepEqual(await ends(local), atRest('1.0.0'));
    deploy.kill('SIGCONT');
    const { code, said } = await ended;
    assert.equal(code, 8, said);
    assert.deepEqual(await ends(local), atRest('1.0.0'));
  });
}

test('a machine suspended in the middle of a deploy under load goes on where it was when it wakes', async (context) => {
  await using local = new Local();
  await twoVersions(local);
  const client = hostClient(join(local.directory, '.sofare', 'host'));
  const { pid } = await client.hello(AbortSignal.timeout(10_000));
  const { address } = await local.service();
  const load = new Load(address, 50);
  await load.answered(50);
  const deploy = local.start(['deploy', '1.1.0', '-y'], { SOFARE_FAILPOINT: 'route.after-apply:1:stop' });
  const ended = endOf(deploy);
  await standsStill(deploy.pid ?? 0);
  const everything = familyOf(parentOf(pid) ?? pid, pid, deploy.pid ?? pid);
  assert.ok(everything.length >= 5, 'the parent, the host, two copies and the command');
  for (const each of everything) process.kill(each, 'SIGSTOP');
  await pass(longSuspension);
  for (const each of everything) process.kill(each, 'SIGCONT');
  const { code, said } = await ended;
  assert.equal(code, 0, said);
  await load.answered(load.answers.length + 100);
  await load.stop();
  assert.deepEqual(await ends(local), atRest('1.1.0'));
  const hosted = await client.service('fraud-scorer', AbortSignal.timeout(10_000));
  assert.deepEqual(
    hosted?.versions.flatMap(({ copies }) => copies.map(({ restarts }) => restarts)).filter((restarts) => restarts > 0),
    [],
    'nobody was started again for having slept',
  );
  // Requests wait through the suspension, which is shorter than their patience.
  assert.deepEqual(load.lost, []);
  client.close();
  context.diagnostic(`${everything.length} processes, ${load.answers.length} requests, none lost`);
});
