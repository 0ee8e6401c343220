import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { isEndingInStat, startFromStat } from '../model/process-stat.ts';

/** When a process started, as this boot of this machine counts; null when there is none or it has ended. */
export function startOf(pid: number): string | null {
  const text = statOf(pid);
  if (text !== null) return startFromStat(text);
  if (process.platform === 'linux' || !Number.isInteger(pid) || pid <= 0) return null;
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

/** Whether a process is certainly going: it has ended, or has begun to and closes what it had open. */
export function isEnding(pid: number): boolean {
  const text = statOf(pid);
  return text === null ? startOf(pid) === null : startFromStat(text) === null || isEndingInStat(text);
}

export function bootIdentity(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return 'unknown';
  }
}

/** Whether the process of an owner (`host/boot/pid/start`) has certainly ended. Another machine's is never known to have. */
export function isGone(owner: string): boolean {
  const [host, boot, pid, start] = owner.split('/');
  if (host !== hostname().replaceAll('/', '_')) return false;
  return boot !== bootIdentity() || startOf(Number(pid)) !== start;
}

/** Whether an owner is another machine's, which cannot be looked at from here. */
export function isElsewhere(owner: string): boolean {
  return owner.split('/')[0] !== hostname().replaceAll('/', '_');
}

function statOf(pid: number): string | null {
  if (process.platform !== 'linux' || !Number.isInteger(pid) || pid <= 0) return null;
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return null;
  }
}
