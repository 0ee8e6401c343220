import { moment } from './moment.ts';
import type { Seen, Watcher } from './watcher.ts';

/** From the call of `work` until the watcher sees it so, in ms; both have ended then. */
export async function timed(watcher: Watcher, so: (seen: Seen) => boolean, work: () => Promise<unknown>): Promise<number> {
  const until = watcher.until(so);
  const began = moment();
  const [at] = await Promise.all([until, work()]);
  if (at === 0) throw new Error('what should be measured was so before');
  return at - began;
}
