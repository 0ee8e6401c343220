import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

test('a line that the disk of the log does not take ends nothing', () => {
  const told = JSON.stringify(join(import.meta.dirname, '..', '..', 'src', 'host', 'tell.ts'));
  const program = `import { tell } from ${told}; tell('one'); tell('two'); setTimeout(() => console.log('goes on'), 10);`;
  // Every write to it says that no space is left.
  const full = openSync('/dev/full', 'w');
  const { status, stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', full],
    encoding: 'utf8',
  });
  closeSync(full);
  assert.deepEqual([status, stdout], [0, 'goes on\n']);
});
