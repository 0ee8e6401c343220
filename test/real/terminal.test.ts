import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { Installation } from '../project/installation.ts';

test('Ctrl-C in a terminal reaches the program behind the launcher once, though both are in the foreground', async () => {
  using installed = new Installation('node');
  const command = `exec ${process.execPath} --require ${installed.pretends('20.11.0')} ${installed.launcher} wait`;
  const environment = { ...process.env, SOFARE_CACHE: join(installed.folder, 'cache') };
  const terminal = spawn('script', ['-qefc', command, '/dev/null'], {
    stdio: ['pipe', 'pipe', 'inherit'],
    timeout: 60_000,
    env: environment,
  });
  const lines = createInterface({ input: terminal.stdout })[Symbol.asyncIterator]();
  const [, program, launcher] = ((await lines.next()).value ?? '').trim().split(' ').map(Number);
  terminal.stdin.write('\x03');
  const seen = [(await lines.next()).value];
  // The launcher has met Ctrl-C before it meets this, so a second SIGINT would come before it.
  process.kill(launcher ?? Number.NaN, 'SIGTERM');
  const exit = once(terminal, 'exit');
  for (let line = await lines.next(); line.done !== true; line = await lines.next()) {
    seen.push(line.value);
    if (line.value.trim() === 'SIGTERM') process.kill(program ?? Number.NaN, 'SIGUSR2');
  }
  assert.deepEqual(
    seen.map((line) => line?.trim().replace('^C', '')),
    ['SIGINT', 'SIGTERM', 'SIGUSR2'],
  );
  assert.deepEqual(await exit, [12, null]);
});
