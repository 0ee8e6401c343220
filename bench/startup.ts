import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Local } from '../test/fixtures/local.ts';
import { type Figure, figure } from './measure.ts';

const runs = 20;
const cache = mkdtempSync(join(tmpdir(), 'sofare-compiled-'));
/** As an installed package runs it: the launcher's checkout does more, since it looks whether the sources changed. */
const program = join(import.meta.dirname, '..', 'dist', 'main.js');

/** Processor time of a whole command on Node 24, compile cache warm, with a service that runs. */
export async function benchStartup(): Promise<readonly Figure[]> {
  await using local = new Local();
  await local.must(0, 'register', '1.0.0', local.model('1.0.0'));
  await local.must(0, 'deploy', '1.0.0', '-y');
  return ['current', 'status'].map((command) => {
    spent(local.directory, [program, command]);
    return figure(
      `cold start of sofare ${command}, processor time`,
      'ms',
      Array.from({ length: runs }, () => spent(local.directory, [program, command])),
      { goal: 80, beside: `node alone ${hello().toFixed(0)} ms` },
    );
  });
}

function hello(): number {
  return spent('.', ['-e', '0']);
}

/** User and system time of one run of node, in ms, as the shell measures it. */
function spent(directory: string, words: readonly string[]): number {
  const text = execFileSync(
    'bash',
    ['-c', 'TIMEFORMAT="%U %S"; { time "$0" "$@" >/dev/null 2>&1; } 2>&1', process.execPath, ...words],
    { cwd: directory, encoding: 'utf8', env: { ...process.env, NODE_COMPILE_CACHE: cache } },
  );
  const [user = 0, system = 0] = text.trim().split(' ').map(Number);
  return 1_000 * (user + system);
}
