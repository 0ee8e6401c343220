import { spawn } from 'node:child_process';
import type { ServiceRecord } from '../model/service-record.ts';
import type { Host } from './host.ts';
import { isElsewhere, isGone } from './process-identity.ts';

const look = 1_000;
const pauses = [1_000, 5_000, 15_000, 60_000] as const;

/** Something that a dead process left, or that is due. */
export interface Resumption {
  readonly what: string;
  /** Null: tasks. */
  readonly operation: string | null;
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
  const { operation, breakGlass, nextTaskAt } = record;
  const left =
    operation?.state === 'running' && operation.owner && gone(operation.owner)
      ? [{ what: `operation ${operation.id}`, operation: operation.id, state: operation.owner }]
      : [];
  // What was done without the registry is taken in by whatever command next finds one.
  const dueAt = breakGlass?.since ?? nextTaskAt;
  const due = dueAt !== undefined && dueAt <= now ? [{ what: `tasks of ${service}`, operation: null, state: String(dueAt) }] : [];
  return [...left, ...due];
}

/** Processes at once, and what is left at most, for an operation to have one of its own. */
const mostSingle = 4;
/** What the one process has not begun after so long, though little is left, is not in its journal. */
const notFound = 30_000;

/** After so long without any news, it is asked whether the lease of an owner on another machine is over: only the database knows. */
const silent = 20_000;

/**
 * The host goes on with what a process that died has left. One process carries on all there is, and looks for more while it runs: so a
 * thousand operations are not a thousand processes, and what serves is called at the configured rate. What it does not find in its
 * journal, since another database's controller began it, is taken up by its name. Returns how to end that.
 */
export function superviseOperations(host: Host, resumeCommand: readonly string[], configuration: readonly string[]): () => void {
  const running = new Set<string>();
  const tried = new Map<string, { readonly state: string; readonly times: number; readonly notBefore: number }>();
  let seen = new Map<string, number>();
  const news = new Map<string, { readonly revision: number; readonly since: number }>();
  const silence = (name: string, revision: number, now: number): number => {
    const last = news.get(name);
    if (last?.revision === revision) return now - last.since;
    news.set(name, { revision, since: now });
    return 0;
  };
  const timesOf = ({ what, state }: Resumption): number => {
    const earlier = tried.get(what);
    return earlier?.state === state ? earlier.times : 0;
  };
  const carryOn = (word: string, left: readonly Resumption[]): void => {
    if (running.has(word)) return;
    running.add(word);
    const [program = '', ...before] = resumeCommand;
    const child = spawn(program, [...before, 'resume', word, '--no-input', '-q', ...configuration], {
      // It must not start another host: this one may just be going down.
      env: { ...process.env, SOFARE_ACTOR: 'supervisor', SOFARE_SUPERVISED: '1' },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const ended = (): void => {
      running.delete(word);
      for (const each of left) {
        const times = timesOf(each);
        const pause = pauses[Math.min(times, pauses.length - 1)] ?? 0;
        tried.set(each.what, { state: each.state, times: times + 1, notBefore: performance.now() + pause });
      }
    };
    child.once('exit', ended);
    child.once('error', ended);
  };
  const timer = setInterval(() => {
    // What is due is said in wall time; how long something lasts is measured by a clock that nobody moves.
    const now = performance.now();
    const left = host.services
      .flatMap(({ name, record: { value, revision } }) => {
        const quiet = silence(name, revision, now) >= silent;
        return resumptions(name, value, Date.now(), (owner) => isGone(owner) || (quiet && isElsewhere(owner)));
      })
      .filter((each) => timesOf(each) === 0 || now >= (tried.get(each.what)?.notBefore ?? 0));
    seen = new Map(left.map(({ what, state }) => [`${what} ${state}`, seen.get(`${what} ${state}`) ?? now]));
    const single = (each: Resumption): boolean => {
      if (each.operation === null) return false;
      const since = seen.get(`${each.what} ${each.state}`) ?? now;
      return timesOf(each) > 0 || (left.length <= mostSingle && now - since >= notFound);
    };
    const together = left.filter((each) => !single(each));
    if (together.length > 0) carryOn('--due', together);
    for (const each of left)
      if (each.operation !== null && single(each) && running.size < mostSingle) carryOn(each.operation, [each]);
  }, look);
  return () => clearInterval(timer);
}
