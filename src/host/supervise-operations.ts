import { spawn } from 'node:child_process';
import type { ServiceRecord } from '../model/service-record.ts';
import type { Host } from './host.ts';
import { isGone } from './process-identity.ts';

const look = 1_000;
const pauses = [1_000, 5_000, 15_000, 60_000] as const;

/** Something that a dead process left, or that is due: what it is, and the words that carry it on. */
export interface Resumption {
  readonly what: string;
  readonly words: readonly string[];
  /** While this stays the same, carrying on did not get anywhere, and the next try waits longer. */
  readonly state: string;
}

/** What there is to carry on in a service by its record now. */
export function resumptions(
  service: string,
  record: ServiceRecord | null,
  now: number,
  gone: (owner: string) => boolean,
): readonly Resumption[] {
  if (!record) return [];
  const { operation, nextTaskAt } = record;
  const left =
    operation?.state === 'running' && operation.owner && gone(operation.owner)
      ? [{ what: `operation ${operation.id}`, words: [operation.id], state: operation.owner }]
      : [];
  const due =
    nextTaskAt !== undefined && nextTaskAt <= now
      ? [{ what: `tasks of ${service}`, words: ['--due'], state: String(nextTaskAt) }]
      : [];
  return [...left, ...due];
}

/** The host goes on with what a process that died has left. Returns how to end that. */
export function superviseOperations(host: Host, resumeCommand: readonly string[], configuration: readonly string[]): () => void {
  /** The same words are never at work twice at once: tasks that are due are done for all services together. */
  const running = new Set<string>();
  const tried = new Map<string, { readonly state: string; readonly times: number; readonly notBefore: number }>();
  const carryOn = ({ what, words, state }: Resumption): void => {
    const earlier = tried.get(what);
    const times = earlier?.state === state ? earlier.times : 0;
    const key = words.join(' ');
    if (running.has(key) || (times > 0 && Date.now() < (earlier?.notBefore ?? 0))) return;
    running.add(key);
    const [program = '', ...before] = resumeCommand;
    const child = spawn(program, [...before, 'resume', ...words, '--no-input', '-q', ...configuration], {
      env: { ...process.env, SOFARE_ACTOR: 'supervisor' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const ended = (): void => {
      running.delete(key);
      tried.set(what, { state, times: times + 1, notBefore: Date.now() + (pauses[Math.min(times, pauses.length - 1)] ?? 0) });
    };
    child.once('exit', ended);
    child.once('error', ended);
  };
  const timer = setInterval(() => {
    for (const { name, record } of host.services)
      for (const each of resumptions(name, record.value, Date.now(), isGone)) carryOn(each);
  }, look);
  return () => clearInterval(timer);
}
