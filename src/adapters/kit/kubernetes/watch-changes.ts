import { createInterface } from 'node:readline';
import type { Clock } from '../../../ports/clock.ts';
import type { ClusterConnection } from './connection.ts';

interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object?: { readonly metadata?: { readonly resourceVersion?: string } };
}

/** Between two openings of a watch that a server or something on the way keeps closing. */
const pause = 1000;

/**
 * Resolves when something changed since `from`, when the server has forgotten what was then (410), or after `atMost` milliseconds. A hint:
 * whoever waits reads afterwards. A watch that is dropped goes on from its last bookmark, and one that may not be opened is waited out.
 */
export async function watchChanges(
  connection: ClusterConnection,
  path: string,
  from: string,
  { atMost, clock, signal }: { readonly atMost: number; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  const until = clock.monotonic() + atMost;
  const over = new AbortController();
  const limit = AbortSignal.any([signal, over.signal]);
  const timer = clock.wait(atMost, limit).then(() => over.abort());
  let version = from;
  try {
    while (!limit.aborted) {
      const seen = await follow(connection, `${path}&resourceVersion=${encodeURIComponent(version)}`, limit);
      if (seen.changed) return;
      version = seen.version ?? version;
      await clock.wait(Math.min(pause, Math.max(0, until - clock.monotonic())), limit);
    }
  } finally {
    over.abort();
    await timer;
  }
}

/** Reads one watch until something happened or it ended. */
async function follow(
  connection: ClusterConnection,
  path: string,
  signal: AbortSignal,
): Promise<{ readonly changed: boolean; readonly version: string | null }> {
  let version: string | null = null;
  try {
    const answer = await connection.stream(path, signal);
    if (answer.statusCode !== 200) {
      answer.destroy();
      return { changed: answer.statusCode === 410, version };
    }
    for await (const line of createInterface({ input: answer })) {
      const event = JSON.parse(line) as WatchEvent;
      if (event.type !== 'BOOKMARK') {
        answer.destroy();
        return { changed: true, version };
      }
      version = event.object?.metadata?.resourceVersion ?? version;
    }
  } catch {
    // Dropped, cut off in the middle of a line, or over: the next opening or the next reading says what is true.
  }
  return { changed: false, version };
}
