import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { Load } from '../fixtures/load.ts';
import { configuration, Local } from '../fixtures/local.ts';

const canaries = 20;

/** Two processes that do nothing but compute: a machine whose cores are taken. */
function busyLoops(): () => void {
  const loops = [1, 2].map(() => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
  return () => {
    for (const loop of loops) loop.kill('SIGKILL');
  };
}

test('of twenty canaries that are the same as the stable version, half beside two busy loops, none is rolled back', async (context) => {
  await using local = new Local({ yaml: configuration(1, '    guard: { deadline: 120s }\n') });
  await local.must(0, 'up', '--unsupervised');
  await local.must(0, 'register', '1.0.0', local.model('1.0.0', { failing: 0.02 }));
  await local.must(0, 'deploy', '1.0.0', '-y');
  const { address } = await local.service();
  const load = new Load(address, 150);
  await load.answered(300);
  const ends: (number | null)[] = [];
  for (let number = 1; number <= canaries; number += 1) {
    const version = `1.0.${number}`;
    await local.must(0, 'register', version, local.model(version, { failing: 0.02 }));
    const quiet = number % 2 === 0 ? busyLoops() : () => {};
    const ended = await local.run(['deploy', version, '--steps', '30,100', '--every', '3s', '-y', '-o', 'json']);
    quiet();
    ends.push(ended.code);
    assert.notEqual(ended.code, 8, ended.output);
  }
  await load.stop();
  context.diagnostic(`${load.answers.length} requests, ${load.lost.length} lost; ends: ${ends.join(' ')}`);
  assert.deepEqual(
    ends,
    ends.map(() => 0),
  );
  assert.deepEqual(load.lost, []);
});
