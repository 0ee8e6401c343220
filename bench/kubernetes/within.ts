import { setTimeout } from 'node:timers/promises';

const patience = 60_000;

/** What a bench waits for comes within a minute, or the bench fails and names it: waiting for ever would say nothing. */
export async function within<Result>(what: string, work: Promise<Result>): Promise<Result> {
  const over = new AbortController();
  const late = setTimeout(patience, null, { signal: over.signal }).then((): never => {
    throw new Error(`${what}: not in ${patience / 1_000} s`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    over.abort();
    late.catch(() => {});
  }
}
