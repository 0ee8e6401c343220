import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openApi } from './api.ts';
import { Host } from './host.ts';
import { takeLock } from './lock.ts';
import { keepAlive } from './parent.ts';
import { socketPath } from './socket.ts';
import { superviseOperations } from './supervise-operations.ts';

/** How the host ends: 0 it was told to, 3 another one is at work in this directory. */
const another = 3;

const { values } = parseArgs({
  options: { 'directory': { type: 'string' }, 'child': { type: 'boolean' }, 'unsupervised': { type: 'boolean' }, 'resume-command': { type: 'string' }, 'configuration': { type: 'string' } },
});
const directory = resolve(values.directory ?? '.sofare/host');
mkdirSync(directory, { recursive: true, mode: 0o700 });

if (values.child) await run();
else keepAlive(() => spawn(process.execPath, [...process.execArgv, process.argv[1] ?? '', ...process.argv.slice(2), '--child'], { stdio: ['ignore', 'inherit', 'inherit'] }), another);

async function run(): Promise<void> {
  const lock = takeLock(join(directory, 'lock'));
  if (!lock) process.exit(another);
  const resumeCommand = values['resume-command'] ? (JSON.parse(values['resume-command']) as string[]) : [];
  const supervised = values.unsupervised !== true && resumeCommand.length > 0;
  const host = new Host(directory, supervised);
  const socket = socketPath(directory);
  await host.restore();
  let stopped = false;
  const stop = async (): Promise<void> => {
    if (stopped) return;
    stopped = true;
    stopSupervision();
    await host.stop();
    api.close();
    lock?.release();
    process.exit(0);
  };
  const api = await openApi(host, socket, () => void stop());
  // Written last: who finds it finds a host that answers.
  writeFileSync(join(directory, 'socket'), socket);
  const stopSupervision = supervised ? superviseOperations(host, resumeCommand, values.configuration ? ['-c', values.configuration] : []) : () => {};
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => void stop());
}
