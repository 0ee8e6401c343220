// What a runner starts: turns the inputs of action.yml into a command line, and lets the launcher run it.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { commandLine } from './command-line.js';

const launcher = join(dirname(dirname(fileURLToPath(import.meta.url))), 'bin', 'sofare.js');
try {
  const { words, directory } = commandLine(process.env);
  const child = spawn(process.execPath, [launcher, ...words], { stdio: 'inherit', cwd: directory });
  // A job that is cancelled stops the command as Ctrl-C does: what was done is journalled, and the operation can be resumed.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.once('error', refuse);
  child.once('exit', (code) => {
    process.exitCode = code ?? 1;
  });
} catch (error) {
  refuse(error);
}

function refuse(error) {
  process.stdout.write(`::error title=sofare::${error.message.replaceAll('%', '%25').replaceAll('\n', '%0A')}\n`);
  process.exitCode = 2;
}
