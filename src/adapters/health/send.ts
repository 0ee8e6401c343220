import type { ProbeAnswer } from '../../ports/probe.ts';

const longestBody = 1_048_576;

/** One request to one copy; redirects are not followed. */
export async function send(url: string, body: string | null, within: number, signal: AbortSignal): Promise<ProbeAnswer> {
  const started = performance.now();
  try {
    const answer = await fetch(url, {
      method: body === null ? 'GET' : 'POST',
      redirect: 'manual',
      headers: { connection: 'close', ...(body === null ? {} : { 'content-type': 'application/json' }) },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(within)]),
    });
    const text = (await answer.text()).slice(0, longestBody);
    return { answered: true, status: answer.status, body: text, took: performance.now() - started };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Error && error.name === 'TimeoutError') return { answered: false, why: `no answer within ${within} ms` };
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    return { answered: false, why: cause instanceof Error ? cause.message : String(cause) };
  }
}
