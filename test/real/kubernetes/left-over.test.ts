import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, watch } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';

const starter = `
  import { startControlPlane } from ${JSON.stringify(new URL('./control-plane.ts', import.meta.url).href)};
  const { folder, programs } = await startControlPlane({ pods: false, customResources: [] });
  console.log(JSON.stringify({ folder, pids: programs.map(({ pid }) => pid) }));
`;

test('a test process that is killed leaves no program and no folder behind', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', starter], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const { folder, pids } = JSON.parse(line) as { folder: string; pids: readonly number[] };
  assert.deepEqual([pids.length, pids.filter(runs)], [2, pids]);
  const removed = new Promise<void>((resolve) => {
    const watching = watch(dirname(folder), () => {
      if (existsSync(folder)) return;
      watching.close();
      resolve();
    });
  });
  child.kill('SIGKILL');
  await removed;
  assert.deepEqual(pids.filter(runs), []);
});

/** A process that nobody has taken the exit code of runs no more. */
function runs(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
