import { readdirSync, readFileSync } from 'node:fs';
import type { SavedCopy } from './saved-copy.ts';

/**
 * Ends the process of a copy that was started by a host that died before it could remember which process that is. It is known by
 * the instance and the port in its environment. Only where the system shows environments (Linux).
 */
export function endStray(copy: SavedCopy): void {
  for (const pid of processes()) {
    const environment = environmentOf(pid);
    if (!environment.includes(`SOFARE_INSTANCE=${copy.id}`) || !environment.includes(`PORT=${copy.port}`)) continue;
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has just ended.
    }
  }
}

function processes(): readonly number[] {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => Number.isInteger(pid) && pid !== process.pid);
  } catch {
    return [];
  }
}

function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
