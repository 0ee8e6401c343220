import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { startOf, systemProcesses } from '../../src/adapters/system/processes.ts';

const processes = systemProcesses();
const [host, boot, pid, start] = processes.self().split('/');

test('this process is alive to itself', () => {
  assert.equal(processes.life(processes.self()), 'alive');
  assert.equal(Number(pid), process.pid);
});

test('a process id that was given out again is not its owner', () => {
  assert.equal(processes.life(`${host}/${boot}/${pid}/${Number(start) + 1}`), 'gone');
});

test('what ran before the machine was started again is gone', () => {
  assert.equal(processes.life(`${host}/another-boot/${pid}/${start}`), 'gone');
});

test('whether a process of another machine lives cannot be seen from here', () => {
  assert.equal(processes.life(`another-machine/${boot}/${pid}/${start}`), 'elsewhere');
});

test('a process that was killed is gone, also while nobody has taken note of its end', async () => {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  const owner = `${host}/${boot}/${child.pid}/${startOf(child.pid ?? 0)}`;
  assert.equal(processes.life(owner), 'alive');
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  assert.equal(processes.life(owner), 'gone');
});
