import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Ended, Local } from '../fixtures/local.ts';

/** Runs the same command in each folder, stops every one at a point, and lets them all go on at once when the last has reached it. */
export async function bothStoppedAt(
  point: string,
  locals: readonly Local[],
  words: readonly string[],
): Promise<readonly Ended[]> {
  const started = locals.map((local) => local.follow(words, { SOFARE_FAILPOINT: `${point}:1:stop` }));
  for (const { pid } of started) await stopped(pid);
  for (const { pid } of started) process.kill(pid, 'SIGCONT');
  return Promise.all(started.map(({ ended }) => ended));
}

/** Resolves when the process is stopped by a signal. Fails when it ends instead. */
export async function stopped(pid: number): Promise<void> {
  for (;;) {
    const state = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0];
    if (state === 'T') return;
    if (state === 'Z') throw new Error(`process ${pid} ended where it was to stop`);
    await pause(5);
  }
}

/** Runs a command that is killed the first time that it reaches a point. Fails when it ends in any other way. */
export async function killedAt(local: Local, words: readonly string[], point: string): Promise<void> {
  const ended = await local.run(words, { SOFARE_FAILPOINT: `${point}:1:kill` });
  if (ended.signal !== 'SIGKILL')
    throw new Error(
      `${words.join(' ')} was to be killed at ${point} and ended with ${ended.code ?? ended.signal}\n${ended.errors}`,
    );
}
