import type { Probe } from '../../ports/probe.ts';

/** A body longer than this is no health answer. */
const longestBody = 65_536;

/** One GET by the runtime's own client; redirects are not followed, and the connection is not kept. */
export const systemProbe: Probe = {
  get: async (url, within, signal) => {
    const started = performance.now();
    try {
      const answer = await fetch(url, {
        redirect: 'manual',
        headers: { connection: 'close' },
        signal: AbortSignal.any([signal, AbortSignal.timeout(within)]),
      });
      const body = (await answer.text()).slice(0, longestBody);
      return { answered: true, status: answer.status, body, took: performance.now() - started };
    } catch (error) {
      return { answered: false, why: reason(error, within) };
    }
  },
};

function reason(error: unknown, within: number): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `no answer within ${within} ms`;
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
}
