import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { hostClient, type HostClient } from '../../src/adapters/kit/host-client.ts';
import { until } from '../host/fixtures/test-host.ts';
import { OpenLoop } from '../host/fixtures/open-loop.ts';
import { configuration, Local } from '../fixtures/local.ts';

const times = 5;
const stable = '1.0.0';

/** A service under load, with a deploy at 20 % that stays open: weights, record and operation must be there afterwards. */
async function underLoad(local: Local) {
  await local.must(0, 'up', '--unsupervised');
  for (const version of [stable, '1.1.0']) await local.must(0, 'register', version, local.model(version));
  await local.must(0, 'deploy', stable, '-y');
  await local.must(0, 'deploy', '1.1.0', '--steps', '20', '-y');
  const { address } = await local.service();
  const load = new OpenLoop(`${address}/v2/models/fraud/infer`, 100);
  await load.more(100);
  return { address, load, client: hostClient(join(local.directory, '.sofare', 'host')) };
}

/** What must be as it was. */
async function remembered(local: Local, client: HostClient): Promise<unknown> {
  const { serving, pointer, operation, differences, address } = await local.service();
  const shares = serving.map(({ version, share }: { version: string; share: number }) => [version, share]);
  const record = await client.record('fraud-scorer', AbortSignal.timeout(10_000));
  return { shares, pointer, operation: operation?.id, differences, address, record };
}

test('a host killed under load is back within seconds with all that it had; nothing is lost outside the outage, which it states', async (context) => {
  await using local = new Local({ yaml: configuration(2) });
  const { load, client } = await underLoad(local);
  const before = await remembered(local, client);
  for (let time = 1; time <= times; time += 1) {
    const { pid, epoch } = await client.hello(AbortSignal.timeout(10_000));
    const lostBefore = load.lost.length;
    const killedAt = performance.timeOrigin + performance.now();
    process.kill(pid, 'SIGKILL');
    const outage = await until('it serves again, and says how long it did not', async () => {
      const hello = await client.hello(AbortSignal.timeout(10_000)).catch(() => null);
      if (hello?.epoch !== epoch + 1) return undefined;
      return (await client.service('fraud-scorer', AbortSignal.timeout(10_000)))?.lastOutage ?? undefined;
    });
    const backAt = performance.timeOrigin + performance.now();
    await load.more(100);
    const lost = load.lost.slice(lostBefore);
    // What was under way when it died is lost, too; a request here takes well under a second.
    const outside = lost.filter(({ at }) => at < killedAt - 1_000 || at > backAt);
    assert.deepEqual(outside, []);
    assert.ok(outage.since >= killedAt - 50 && outage.since <= backAt, 'the outage began when it was killed');
    assert.ok(outage.since + outage.lasted <= backAt + 50, 'the outage had ended when it was told');
    const silent = lost.filter(({ at }) => at >= outage.since && at <= outage.since + outage.lasted);
    context.diagnostic(
      `kill ${time}: ${outage.lasted} ms without a host, ${lost.length} requests lost, ${silent.length} of them within it`,
    );
    // Who found nobody listening did so then, but for the time that a busy machine takes to notice a death and to answer the first.
    const refused = lost.filter(({ error }) => error?.includes('ECONNREFUSED'));
    const { since, lasted } = outage;
    assert.deepEqual(
      refused.filter(({ at }) => at < since - 2_000 || at > since + lasted + 2_000),
      [],
    );
    assert.deepEqual(await remembered(local, client), before);
  }
  assert.match((await local.must(0, 'status')).output, /outage +clients had no answer for [\d.]+ ?m?s, .* ago/);
  await load.stop();
  client.close();
});

test('when whoever restarts the host is killed with it, sofare up brings all back and states the outage', async (context) => {
  await using local = new Local({ yaml: configuration(2) });
  const { load, client } = await underLoad(local);
  const before = await remembered(local, client);
  const { pid } = await client.hello(AbortSignal.timeout(10_000));
  const parent = Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  assert.match(readFileSync(`/proc/${parent}/cmdline`, 'utf8'), /host\.js/);
  const killedAt = Date.now();
  for (const each of [parent, pid]) process.kill(each, 'SIGKILL');
  await until('nobody answers', async () =>
    (await client.hello(AbortSignal.timeout(10_000)).catch(() => null)) ? undefined : true,
  );
  assert.equal((await local.service()).host, 'down');
  await local.must(0, 'up', '--unsupervised');
  const outage = await until(
    'it serves',
    async () => (await client.service('fraud-scorer', AbortSignal.timeout(10_000)))?.lastOutage ?? undefined,
  );
  const backAt = performance.timeOrigin + performance.now();
  // The last sign of life was at most a beat before.
  assert.ok(outage.since >= killedAt - 2_500 && outage.since <= killedAt + 50, `since ${outage.since - killedAt} ms of the kill`);
  await load.more(100);
  await load.stop();
  assert.deepEqual(
    load.lost.filter(({ at }) => at < killedAt - 1_000 || at > backAt),
    [],
  );
  assert.deepEqual(await remembered(local, client), before);
  context.diagnostic(`${outage.lasted} ms without a host, ${load.lost.length} of ${load.ledger.length} requests lost`);
  client.close();
});
