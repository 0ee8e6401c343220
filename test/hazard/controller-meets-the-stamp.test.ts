import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Load } from '../fixtures/load.ts';
import { agreed, breakRegistry, inProduction, type registryOf, rowsOf, snapshot } from './broken-glass.ts';

test('controller-meets-the-stamp: a deploy under way parks as superseded by the rollback that went without the registry', async () => {
  await using local = await inProduction();
  const { address } = await local.service();
  await using load = new Load(address, 50);
  await local.must(0, 'register', '1.3.0', local.model('1.3.0'));
  const deploy = local.follow(['deploy', '1.3.0', '--steps', '10,100', '--every', '3s', '-y']);
  await untilShared(local, '1.3.0');
  // The deploy has its database open and goes on with it; nobody else can use it.
  const restore = breakRegistry(local);
  await local.must(0, 'rollback', '--reason', 'enough of it');
  const parked = await deploy.ended;
  assert.equal(parked.code, 8, parked.output + parked.errors);
  restore();
  const { full, pointer, operation, differences } = (await agreed(local)) as Record<string, unknown>;
  assert.deepEqual(
    { full, pointer, operation, differences },
    { full: '1.2.0', pointer: '1.2.0', operation: null, differences: [] },
  );
  const ended = Object.fromEntries(
    rowsOf(local)
      .operations.slice(-2)
      .map(({ kind, state }) => [kind, state]),
  );
  assert.deepEqual(ended, { deploy: 'superseded', rollback: 'completed' });
  await load.stop();
  assert.deepEqual(load.lost, []);
});

test('restored-backup-cannot-lower-the-fence: what was done since is taken from the record, and the fence stays', async () => {
  await using local = await inProduction();
  await local.must(0, 'register', '1.3.0', local.model('1.3.0'));
  const restore = snapshot(local);
  for (const version of ['1.3.0', '1.1.0']) await local.must(0, 'deploy', version, '-y');
  const before = fenceOf(local);
  restore();
  assert.ok(fenceOf(local) < before);
  const seen = await local.service();
  assert.equal(seen.condition, 'differs');
  assert.match(seen.differences.join('\n'), /points to 1\.2\.0, the traffic is .*1\.1\.0/);
  const { full, pointer, differences } = (await agreed(local)) as Record<string, unknown>;
  assert.deepEqual({ full, pointer, differences }, { full: '1.1.0', pointer: '1.1.0', differences: [] });
  assert.ok(fenceOf(local) >= before);
  await local.must(0, 'rollback');
  assert.equal((await local.service()).pointer, '1.3.0', 'the way back is the one that was there, not the one of the backup');
  assert.ok(fenceOf(local) > before);
});

async function untilShared(local: Awaited<ReturnType<typeof inProduction>>, version: string): Promise<void> {
  for (;;) {
    const { serving } = await local.service();
    if (serving.some((each: { version: string; share: number }) => each.version === version && each.share > 0)) return;
  }
}

function fenceOf(local: Parameters<typeof registryOf>[0]): number {
  return Number(rowsOf(local).fence);
}
