import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Load } from '../fixtures/load.ts';
import { configuration, Local, type Model } from '../fixtures/local.ts';

/** A service with traffic on its stable version, and a canary to come. */
async function withTraffic(
  canary: Model,
  options: { readonly guard?: string; readonly perSecond?: number } = {},
): Promise<{ local: Local; load: Load | null }> {
  const local = new Local({
    yaml: configuration(
      1,
      `    guard: ${options.guard ?? '{ deadline: 60s }'}\n    labels: { answer: "outputs[0].data[0]", wait: 10m }\n`,
    ),
  });
  await local.must(0, 'up', '--unsupervised');
  await local.must(0, 'register', '1.0.0', local.model('1.0.0'));
  await local.must(0, 'register', '1.1.0', local.model('1.1.0', canary));
  await local.must(0, 'deploy', '1.0.0', '-y');
  const { address } = await local.service();
  const perSecond = options.perSecond ?? 150;
  const load = perSecond > 0 ? new Load(address, perSecond) : null;
  // From these the guard learns what slow means, before the canary has traffic.
  await load?.answered(200);
  return { local, load };
}

test('a canary that errs is taken back by evidence, and nothing else is lost', async () => {
  const { local, load } = await withTraffic({ failing: 0.2 });
  await using _ = local;
  const ended = await local.run(['deploy', '1.1.0', '--steps', '10,100', '--every', '2s', '-y', '-o', 'json']);
  await load?.stop();
  assert.equal(ended.code, 8, ended.errors);
  assert.match(
    JSON.parse(ended.output).operation.decision.because,
    /^errors of 1\.1\.0 \d+\.\d % against 0\.0 % of 1\.0\.0, over \d/,
  );
  assert.deepEqual(load?.lost, []);
  const { pointer, hold, quarantined } = await local.service();
  assert.deepEqual(
    [pointer, hold === null, quarantined.map(({ version }: { version: string }) => version)],
    ['1.0.0', false, ['1.1.0']],
  );
});

test('a canary that is slower is taken back by evidence', async () => {
  const { local, load } = await withTraffic({ slow: 300 });
  await using _ = local;
  const ended = await local.run(['deploy', '1.1.0', '--steps', '20,100', '--every', '2s', '-y', '-o', 'json']);
  await load?.stop();
  assert.equal(ended.code, 8, ended.errors);
  assert.match(JSON.parse(ended.output).operation.decision.because, /slow answers/);
});

test('a canary that answers wrong is taken back on labels alone', async () => {
  const { local, load } = await withTraffic({ answer: 'wrong' });
  await using _ = local;
  const label = local.start(['label', 'fraud-scorer', '-']);
  let told = 0;
  const teller = setInterval(() => {
    const fresh = load?.answers.slice(told) ?? [];
    told += fresh.length;
    for (const { id } of fresh) label.stdin?.write(`${JSON.stringify({ id, label: 'ok' })}\n`);
  }, 200);
  const ended = await local.run(['deploy', '1.1.0', '--steps', '20,100', '--every', '2s', '-y', '-o', 'json']);
  clearInterval(teller);
  await load?.stop();
  label.stdin?.end();
  await new Promise((resolve) => label.once('close', resolve));
  assert.equal(ended.code, 8, ended.errors);
  assert.match(JSON.parse(ended.output).operation.decision.because, /^wrong answers of 1\.1\.0 100\.0 %/);
});

test('a sound canary is promoted', async () => {
  const { local, load } = await withTraffic({});
  await using _ = local;
  const ended = await local.run(['deploy', '1.1.0', '--steps', '30,100', '--every', '2s', '-y']);
  await load?.stop();
  assert.equal(ended.code, 0, ended.errors);
  assert.equal((await local.must(0, 'current')).output.trim(), '1.1.0');
  assert.deepEqual(load?.lost, []);
});

test('without traffic nothing is decided: the guard ends undecided and the deploy stays open', async () => {
  const { local } = await withTraffic({}, { guard: '{ deadline: 4s, onUndecided: pause }', perSecond: 0 });
  await using _ = local;
  const ended = await local.run(['deploy', '1.1.0', '--steps', '10,100', '--every', '1s', '-y']);
  assert.equal(ended.code, 11, ended.errors);
  const { operation, pointer } = await local.service();
  assert.deepEqual([operation.how, pointer], [operation.how, '1.0.0']);
  await local.must(0, 'abort', '-y');
  assert.equal((await local.service()).operation, null);
});

test('a canary that dies is aborted at once, without statistics', async () => {
  const { local, load } = await withTraffic({});
  await using _ = local;
  const deploying = local.run(['deploy', '1.1.0', '--steps', '10,100', '--every', '30s', '-y', '-o', 'json']);
  let copy: { pid: number } | undefined;
  while (!copy) {
    const up = await local.document('up');
    copy = up.services[0].versions
      .find(({ version }: { version: string }) => version === '1.1.0')
      ?.copies.find(({ state }: { state: string }) => state === 'ready');
  }
  while ((await local.service()).serving.find(({ version }: { version: string }) => version === '1.1.0')?.share !== 10);
  process.kill(copy.pid, 'SIGSTOP');
  const ended = await deploying;
  process.kill(copy.pid, 'SIGKILL');
  await load?.stop();
  assert.equal(ended.code, 8, ended.errors);
  assert.match(JSON.parse(ended.output).operation.decision.because, /1\.1\.0 has failed/);
});

test('a guard that is killed is resumed with the evidence it had', async () => {
  // So few requests reach it that nothing can be decided when the first of them counts, and so many fail that it must be in the end.
  const { local, load } = await withTraffic({ failing: 0.2 }, { perSecond: 60 });
  await using _ = local;
  const killed = await local.run(['deploy', '1.1.0', '--steps', '10,100', '--every', '2s', '-y'], {
    SOFARE_FAILPOINT: 'bake.evidence.after-commit:3:kill',
  });
  assert.equal(killed.signal, 'SIGKILL');
  const diedAt = Date.now();
  const resumed = await local.run(['resume', '-y', '-o', 'json']);
  await load?.stop();
  assert.equal(resumed.code, 8, resumed.errors);
  const { operation } = JSON.parse(resumed.output);
  assert.equal(operation.owners.length, 2);
  assert.ok(operation.guard.startedAt < diedAt && operation.guard.state.lastIntervalId > 3, JSON.stringify(operation.guard));
});

test('promote while a guard is watching is refused by name, and may be overridden', async () => {
  const { local, load } = await withTraffic({});
  await using _ = local;
  const deploying = local.run(['deploy', '1.1.0', '--steps', '10,100', '--every', '60s', '-y']);
  while ((await local.service()).serving.find(({ version }: { version: string }) => version === '1.1.0')?.share !== 10);
  const refused = await local.run(['promote', '-y']);
  assert.equal(refused.code, 4);
  assert.match(refused.errors, /check guard/);
  await local.must(0, 'promote', '-y', '--override', 'guard');
  const ended = await deploying;
  await load?.stop();
  assert.equal(ended.code, 0, ended.errors);
  assert.equal((await local.must(0, 'current')).output.trim(), '1.1.0');
});
