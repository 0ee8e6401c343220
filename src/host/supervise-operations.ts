import { spawn } from 'node:child_process';
import type { Host } from './host.ts';
import { isGone } from './process-identity.ts';

const look = 1_000;
const pauses = [1_000, 5_000, 15_000, 60_000] as const;

/** The host goes on with what a process that died has left: an operation whose owner is gone, a task that is due. */
export function superviseOperations(host: Host, resumeCommand: readonly string[], configuration: readonly string[]): () => void {
  const running = new Set<string>();
  const attempts = new Map<string, { count: number; notBefore: number }>();
  const resume = (key: string, words: readonly string[]): void => {
    const earlier = attempts.get(key) ?? { count: 0, notBefore: 0 };
    if (running.has(key) || Date.now() < earlier.notBefore) return;
    running.add(key);
    const [command = '', ...before] = resumeCommand;
    const child = spawn(command, [...before, 'resume', ...words, '--no-input', '-q', ...configuration], {
      env: { ...process.env, SOFARE_ACTOR: 'supervisor', SOFARE_SUPERVISED: '1' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const ended = (): void => {
      running.delete(key);
      const count = earlier.count + 1;
      attempts.set(key, { count, notBefore: Date.now() + (pauses[Math.min(count, pauses.length) - 1] ?? 60_000) });
    };
    child.once('exit', ended);
    child.once('error', ended);
  };
  const timer = setInterval(() => {
    for (const service of host.services) {
      const record = service.record.value;
      const operation = record?.operation ?? null;
      if (operation && operation.owner !== '' && isGone(operation.owner)) resume(`operation ${operation.id}`, [operation.id]);
      if (record?.nextTaskAt !== undefined && record.nextTaskAt <= Date.now()) resume(`tasks ${service.name} ${record.nextTaskAt}`, ['--due']);
    }
  }, look);
  return () => clearInterval(timer);
}
