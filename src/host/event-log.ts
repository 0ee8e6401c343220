import { appendFileSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

/** What happened to a copy or to the way that traffic takes. `copy` is what the proxy names in `x-sofare-instance`. */
export interface HostEvent {
  readonly event: 'started' | 'adopted' | 'ready' | 'unready' | 'told-to-stop' | 'exited' | 'gave-up' | 'weights' | 'listening' | 'listen-failed';
  readonly service: string;
  readonly version?: string;
  readonly copy?: string;
  readonly detail?: string;
}

/** One line of JSON an event, in the order in which they happened. */
export class EventLog {
  readonly #file: string;

  constructor(file: string) {
    mkdirSync(dirname(file), { recursive: true });
    this.#file = file;
  }

  write(event: HostEvent): void {
    const at = performance.timeOrigin + performance.now();
    try {
      appendFileSync(this.#file, `${JSON.stringify({ at, ...event })}\n`);
    } catch {
      // A full disk must not stop what serves.
    }
  }
}
