import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { outputFile, rotate } from '../../src/host/output.ts';
import { lastWord, saysPortTaken } from '../../src/host/output-tail.ts';
import { send } from './fixtures/send.ts';
import { service, TestHost, until } from './fixtures/test-host.ts';

test('a copy that writes and writes fills no more than its files', async () => {
  await using host = await TestHost.start('--output-limit', '50000');
  const address = await host.full([host.version('1.0.0')]);
  const file = outputFile(host.directory, service, '1.0.0', 0);
  await send(`${address}/say`);
  await until('it was put aside', () => (existsSync(`${file}.1`) && statSync(file).size === 0 ? true : undefined));
  assert.equal(statSync(`${file}.1`).size, 100_001);
  await send(`${address}/say`);
  await until('the copy goes on in the same file', () => (statSync(file).size === 100_001 ? true : undefined));
  // Nothing but what was written: no gap where the old end was.
  assert.match(readFileSync(file, 'utf8'), /^x+\n$/);
});

test('the last three files are kept', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sofare-output-'));
  const file = join(directory, 'a.log');
  for (const text of ['one', 'two', 'three', 'four', 'five']) {
    writeFileSync(file, text);
    await rotate(file, 1);
  }
  assert.deepEqual(readdirSync(directory).sort(), ['a.log', 'a.log.1', 'a.log.2', 'a.log.3']);
  assert.deepEqual(
    ['', '.1', '.2', '.3'].map((end) => readFileSync(`${file}${end}`, 'utf8')),
    ['', 'five', 'four', 'three'],
  );
  await rotate(join(directory, 'none.log'), 1);
  rmSync(directory, { recursive: true });
});

test('of what a program said last, the line that names the error is found', () => {
  const node =
    "node:events:1\n      throw er; // Unhandled 'error' event\n\nError: listen EADDRINUSE: address already in use 127.0.0.1:1\n    at Server.setup (node:net:1:1)\nEmitted 'error' event on Server instance at:\n    at emitErrorNT (node:net:2:2) {\n  code: 'EADDRINUSE'\n}\n\nNode.js v24.0.0\n";
  const python =
    'Traceback (most recent call last):\n  File "serve.py", line 3, in <module>\n    raise ValueError("no weights")\nValueError: no weights\n';
  assert.equal(lastWord(node), 'Error: listen EADDRINUSE: address already in use 127.0.0.1:1');
  assert.ok(saysPortTaken(node));
  assert.equal(lastWord(python), 'ValueError: no weights');
  assert.equal(lastWord('loading\nbye\n'), 'bye');
  assert.equal(lastWord(' \n'), null);
});
