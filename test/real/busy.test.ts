import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { Local } from '../fixtures/local.ts';
import { standsStill } from '../fixtures/stopped-process.ts';

/** Another process that holds the write lock of a registry until it is told to let go. */
async function lockedBy(local: Local): Promise<{ readonly letGo: () => Promise<void> }> {
  const hold = `
    const { DatabaseSync } = require('node:sqlite');
    const database = new DatabaseSync(process.argv[1], { timeout: 10000 });
    database.exec('begin immediate');
    console.log('held');
    process.stdin.once('data', () => { database.exec('rollback'); process.exit(); });`;
  const holder = spawn(process.execPath, ['-e', hold, join(local.directory, '.sofare', 'registry', 'sofare.db')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  return {
    letGo: async () => {
      holder.stdin.end('x');
      await once(holder, 'exit');
    },
  };
}

test('a lock that another process holds for some seconds is waited for', async () => {
  await using local = new Local();
  await local.must(0, 'register', '1.0.0', local.model('1.0.0'));
  const lock = await lockedBy(local);
  const running = local.run(['register', '1.1.0', local.model('1.1.0')]);
  const early = await Promise.race([running, new Promise((resolve) => setTimeout(resolve, 3_000, 'waits'))]);
  assert.equal(early, 'waits');
  await lock.letGo();
  const ended = await running;
  assert.equal(ended.code, 0, ended.errors);
});

test('a lock that is never let go is named, nothing is touched, and the same command works afterwards', async () => {
  await using local = new Local();
  await local.must(0, 'up', '--unsupervised');
  for (const version of ['1.0.0', '1.1.0']) await local.must(0, 'register', version, local.model(version));
  await local.must(0, 'deploy', '1.0.0', '-y');
  const before = await local.service();
  const lock = await lockedBy(local);
  const commands = [
    ['register', '1.2.0', local.model('1.2.0')],
    ['deploy', '1.1.0', '-y'],
    ['hold', '--reason', 'a freeze'],
  ];
  const refused = await Promise.all(commands.map((words) => local.run([...words, '-o', 'json'])));
  for (const { code, output, errors } of refused) {
    assert.equal(code, 5, `${output}${errors}`);
    const { code: word, production } = JSON.parse(output);
    assert.deepEqual([word, production], ['registry.busy', 'untouched']);
  }
  await lock.letGo();
  const after = await local.service();
  assert.deepEqual(
    [after.pointer, after.serving.map(({ version }: { version: string }) => version), after.hold, after.differences],
    [before.pointer, ['1.0.0'], null, []],
  );
  for (const words of commands.slice(0, 2)) await local.must(0, ...words);
  assert.equal((await local.service()).pointer, '1.1.0');
});

test('an operation that meets such a lock on its way stops where it is, says so, and is carried on', async () => {
  await using local = new Local();
  await local.must(0, 'up', '--unsupervised');
  for (const version of ['1.0.0', '1.1.0']) await local.must(0, 'register', version, local.model(version));
  await local.must(0, 'deploy', '1.0.0', '-y');
  const deploy = local.start(['deploy', '1.1.0', '-y', '-o', 'json'], { SOFARE_FAILPOINT: 'route.after-apply:1:stop' });
  let output = '';
  deploy.stdout?.on('data', (part) => (output += part));
  const exit = once(deploy, 'close');
  await standsStill(deploy.pid ?? 0);
  const lock = await lockedBy(local);
  deploy.kill('SIGCONT');
  const [code] = await exit;
  await lock.letGo();
  const problem = JSON.parse(output);
  assert.deepEqual([code, problem.code, problem.production], [12, 'interrupted', 'changed'], output);
  await local.must(0, ...problem.next.split(' ').slice(1), '-y');
  const { pointer, operation, differences } = await local.service();
  assert.deepEqual({ pointer, operation, differences }, { pointer: '1.1.0', operation: null, differences: [] });
});
