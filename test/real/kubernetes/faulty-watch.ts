import type { IncomingMessage, ServerResponse } from 'node:http';
import { statusObject, type WatchFault } from './faults.ts';
import { linesOf } from './lines.ts';

/** Passes the events of a watch on, one line each, and does that to the first one that matches; `happened` is told of it. */
export async function faultyWatch(
  fault: WatchFault,
  events: IncomingMessage,
  client: ServerResponse,
  happened: () => void,
): Promise<void> {
  let done = false;
  for await (const line of linesOf(events)) {
    const befalls = !done && (fault.event?.test(line) ?? true);
    if (!befalls) {
      // Seen by the client before a reset can follow.
      await new Promise((sent) => client.write(`${line}\n`, sent));
      continue;
    }
    done = true;
    happened();
    switch (fault.watch) {
      case 'drop':
        break;
      case 'duplicate':
        client.write(`${line}\n${line}\n`);
        break;
      case 'hold':
        await fault.until;
        client.write(`${line}\n`);
        break;
      case 'reset':
        client.socket?.destroy();
        return;
      case 'expire':
        client.end(`${JSON.stringify({ type: 'ERROR', object: statusObject(410, 'too old resource version') })}\n`);
        return;
    }
  }
  client.end();
}
