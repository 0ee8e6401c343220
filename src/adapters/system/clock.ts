import type { Clock } from '../../ports/clock.ts';

/** A timer given more than 2^31 - 1 ms fires at once, so longer waits are made of shorter ones. */
const longestTimer = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  wait: async (milliseconds, signal) => {
    for (let left = milliseconds; left > 0 && !signal?.aborted; left -= longestTimer) {
      await once(Math.min(left, longestTimer), signal);
    }
  },
};

function once(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, milliseconds);
    signal?.addEventListener('abort', finish, { once: true });
  });
}
