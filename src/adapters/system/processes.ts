import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { startFromStat } from '../../model/process-stat.ts';
import type { Processes } from '../../ports/processes.ts';

/** Reads process identities from /proc, or asks `ps` where there is none. */
export function systemProcesses(): Processes {
  const machine = `${hostname().replaceAll('/', '_')}/${bootIdentity()}`;
  const self = `${machine}/${process.pid}/${startOf(process.pid) ?? 'unknown'}`;
  return {
    self: () => self,
    life: (owner) => {
      const [host, boot, pid, start] = owner.split('/');
      if (`${host}/${boot}` !== machine) return host === machine.split('/')[0] ? 'gone' : 'elsewhere';
      return startOf(Number(pid)) === start ? 'alive' : 'gone';
    },
  };
}

/** When a process started, in a form that only this machine and boot understands; null when there is none, or it is a zombie. */
export function startOf(pid: number): string | null {
  if (!Number.isInteger(pid) || pid <= 0) return null;
  try {
    return startFromStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return process.platform === 'linux' ? null : startByCommand(pid);
  }
}

function startByCommand(pid: number): string | null {
  try {
    return (
      execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' })
        .trim()
        .replaceAll(/[\s/]+/g, '-') || null
    );
  } catch {
    return null;
  }
}

function bootIdentity(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return 'unknown';
  }
}
