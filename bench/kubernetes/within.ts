import { setTimeout } from 'node:timers/promises';

const patience = 20_000;

/** Nothing came of it in time. */
export class NotInTime extends Error {}

/** What a bench waits for comes in a while, or the bench names it: waiting for ever would say nothing. */
export async function within<Result>(what: string, work: Promise<Result>): Promise<Result> {
  const over = new AbortController();
  const late = setTimeout(patience, null, { signal: over.signal }).then((): never => {
    throw new NotInTime(`${what}: not in ${patience / 1_000} s`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    over.abort();
    late.catch(() => {});
  }
}
