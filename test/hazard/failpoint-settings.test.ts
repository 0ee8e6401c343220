import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Local } from '../fixtures/local.ts';

const malformed = [
  '',
  'route.after-apply',
  'route.after-apply:1',
  'route.after-apply:0:kill',
  'route.after-apply:one:kill',
  'route.after-apply:1:KILL',
  'route.after-apply:1:kill:2',
  ':1:kill',
];

test('a failpoint that is not NAME:NTH:ACTION is refused in words, and nothing is done', async () => {
  await using local = new Local();
  for (const text of malformed) {
    const ended = await local.run(['hold', '-o', 'json'], { SOFARE_FAILPOINT: text });
    assert.equal(ended.code, 2, `"${text}" ended with ${ended.code}`);
    assert.match(ended.output, /NAME:NTH:ACTION is wanted/);
  }
  const held = await local.run(['current', '-o', 'json']);
  assert.notEqual(held.code, 0);
});

test('each action ends, stops or breaks the process at its point and nowhere before', async () => {
  await using local = new Local();
  const at = (action: string) => ({
    SOFARE_FAILPOINT: `hold.after-commit:1:${action}`,
    SOFARE_FAILPOINT_TRACE: `${local.directory}/${action}`,
  });
  const reached = (action: string): readonly string[] => readFileSync(`${local.directory}/${action}`, 'utf8').trim().split('\n');

  const killed = await local.run(['hold'], at('kill'));
  assert.equal(killed.signal, 'SIGKILL');
  assert.equal(killed.output, '');
  const left = await local.run(['hold'], at('exit'));
  assert.deepEqual([left.code, left.output], [86, '']);
  const broken = await local.run(['hold', '-o', 'json'], at('throw'));
  assert.equal(broken.code, 1);
  assert.equal(JSON.parse(broken.output).code, 'bug');

  const child = local.start(['hold'], at('stop'));
  let printed = '';
  child.stdout?.on('data', (part) => {
    printed += String(part);
  });
  await stopped(child.pid ?? 0);
  assert.equal(printed, '');
  child.kill('SIGCONT');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
  for (const action of ['kill', 'exit', 'throw', 'stop']) assert.equal(reached(action).at(-1), 'hold.after-commit');
});

/** Resolves once the kernel says that the process is stopped. */
async function stopped(pid: number): Promise<void> {
  while (!/\) T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) await new Promise((resolve) => setImmediate(resolve));
}
