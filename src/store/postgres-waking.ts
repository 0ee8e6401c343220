import pg from 'pg';
import type { Clock } from '../ports/clock.ts';

export interface Waking {
  changes(atMost: number, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** How long to wait before asking again where nobody can be listened to. */
const unheard = 250;

/** Hears by NOTIFY that an operation changed, on a connection of its own that is made when somebody first waits. */
export function hearing(connection: pg.ClientConfig, clock: Clock): Waking {
  let listening: Promise<pg.Client> | null = null;
  /** Something was heard that nobody has been woken by yet. */
  let heard = false;
  const waiting = new Set<() => void>();
  const listen = async (): Promise<pg.Client> => {
    const client = new pg.Client(connection);
    const gone = (): void => {
      listening = null;
      wake();
    };
    client.on('error', gone);
    client.on('end', gone);
    client.on('notification', wake);
    await client.connect();
    await client.query('listen sofare');
    // Whoever only waits does not keep the program from ending.
    held(client).unref();
    return client;
  };
  const wake = (): void => {
    heard = waiting.size === 0;
    for (const each of waiting) each();
  };
  return {
    changes: async (atMost, signal) => {
      if (!listening) {
        listening = listen();
        const failed = await listening.then(
          () => false,
          () => true,
        );
        // What was changed before this began to listen is found by looking now.
        if (!failed) return;
        listening = null;
        return clock.wait(Math.min(atMost, unheard), signal);
      }
      if (heard) {
        heard = false;
        return;
      }
      const woken = new AbortController();
      const stop = (): void => woken.abort();
      waiting.add(stop);
      await clock.wait(atMost, AbortSignal.any([signal, woken.signal]));
      waiting.delete(stop);
    },
    close: async () => {
      const client = await listening?.catch(() => null);
      listening = null;
      if (!client) return;
      // Its end is waited for.
      held(client).ref();
      await client.end();
    },
  };
}

/** The types leave out by what a client keeps the program from ending. */
function held(client: pg.Client): { ref(): void; unref(): void } {
  return client as pg.Client & { ref(): void; unref(): void };
}
