import { spawn } from 'node:child_process';
import type { WantedVersion } from '../model/hosting.ts';
import { bootIdentity, isEnding, startOf } from './process-identity.ts';

/** Names one process of one boot, so that a process id given out again is not mistaken for it. */
export interface SavedProcess {
  readonly pid: number;
  readonly start: string;
  readonly boot: string;
}

/** A process of its own group. It outlives the host; whatever it started goes with it. */
export class CopyProcess {
  readonly pid: number | null;
  /** How it ended, as one says it: `with code 1`, `by SIGKILL`. */
  readonly ended: Promise<string>;
  readonly #start: string | null;

  constructor(pid: number | null, start: string | null, ended: Promise<string>) {
    this.pid = pid;
    this.#start = start;
    this.ended = ended;
  }

  saved(): SavedProcess | null {
    return this.pid === null || this.#start === null ? null : { pid: this.pid, start: this.#start, boot: bootIdentity() };
  }

  isEnding(): boolean {
    return this.pid === null || isEnding(this.pid);
  }

  /** To the whole group, also when its first process has ended and left others behind. */
  signal(signal: NodeJS.Signals): void {
    if (this.pid === null) return;
    const start = startOf(this.pid);
    if (start !== null && start !== this.#start) return;
    try {
      process.kill(-this.pid, signal);
    } catch {
      // The group has ended.
    }
  }
}

/** Starts a command in a group of its own. What it writes goes straight to the open file, so the host's end breaks no pipe. */
export function startProcess(
  wanted: Pick<WantedVersion, 'command' | 'directory'>,
  environment: NodeJS.ProcessEnv,
  output: number,
): CopyProcess {
  const [program = '', ...words] = wanted.command;
  const child = spawn(program, words, {
    cwd: wanted.directory,
    env: environment,
    stdio: ['ignore', output, output],
    detached: true,
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`before it ran: ${error.message}`));
    child.once('exit', (code, signal) => resolve(signal ? `by ${signal}` : `with code ${code}`));
  });
  return new CopyProcess(child.pid ?? null, child.pid === undefined ? null : startOf(child.pid), ended);
}

/** A child of an earlier host; null when it has ended. It tells us nothing when it ends, so its process is looked at. */
export function adoptProcess({ pid, start, boot }: SavedProcess): CopyProcess | null {
  if (boot !== bootIdentity() || startOf(pid) !== start) return null;
  const ended = new Promise<string>((resolve) => {
    const timer = setInterval(() => {
      if (startOf(pid) === start) return;
      clearInterval(timer);
      resolve('while nobody could see how');
    }, 200);
  });
  return new CopyProcess(pid, start, ended);
}
