import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Load } from '../fixtures/load.ts';
import { configuration, Local } from '../fixtures/local.ts';

interface Copy {
  readonly pid: number;
  readonly state: string;
}

/** The ready copies of the canary once all of them are. */
async function readyCopies(local: Local, copies: number): Promise<readonly Copy[]> {
  for (;;) {
    const up = await local.document('up');
    const version = up.services[0].versions.find((each: { version: string }) => each.version === '1.1.0');
    const ready = (version?.copies ?? []).filter(({ state }: Copy) => state === 'ready');
    if (ready.length === copies) return ready;
  }
}

test('a canary whose copies are killed now and then is taken back by how often they end, though every request is answered', {
  timeout: 120_000,
}, async () => {
  await using local = new Local({ yaml: configuration(3, '    guard: { deadline: 5m, restarts: 2 }\n') });
  await local.must(0, 'up', '--unsupervised');
  await local.must(0, 'register', '1.0.0', local.model('1.0.0'));
  await local.must(0, 'register', '1.1.0', local.model('1.1.0'));
  await local.must(0, 'deploy', '1.0.0', '-y');
  const { address } = await local.service();
  await using load = new Load(address, 20);
  const deploying = local.follow(['deploy', '1.1.0', '--steps', '10,100', '--every', '10m', '-y', '-o', 'json']);
  // Before both versions are warm nothing is counted.
  for (let watched = 0; watched < 3; ) {
    const { operation } = await local.service();
    const replay = operation?.step === 'bake' ? await local.run(['guard', '--replay', operation.id, '-o', 'json']) : null;
    watched = replay?.code === 0 ? JSON.parse(replay.output).recording.intervals.length : 0;
  }
  for (let killed = 1; killed <= 5; killed += 1) {
    const [copy] = await readyCopies(local, 3);
    process.kill(copy?.pid ?? 0, 'SIGKILL');
  }
  const ended = await deploying.ended;
  assert.equal(ended.code, 8, ended.errors);
  const { operation } = JSON.parse(ended.output);
  assert.match(operation.decision.because, /^ends of copies of 1\.1\.0 5 in \d+ s of running where 2 a day and copy are allowed/);
  assert.deepEqual(
    load.lost.filter(({ version }) => version === '1.0.0'),
    [],
  );
  assert.match((await local.must(0, 'incident', 'show')).output, /ends of copies +│? *5 in/);
});
