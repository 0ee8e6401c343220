import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** What happened to a copy or to the way that traffic takes. `copy` is what the proxy names in `x-sofare-instance`. */
export interface HostEvent {
  readonly event:
    | 'started'
    | 'adopted'
    | 'ready'
    | 'unready'
    | 'told-to-stop'
    | 'exited'
    | 'gave-up'
    | 'steady'
    | 'weights'
    | 'listening'
    | 'listen-failed'
    | 'not-saved'
    | 'outage';
  readonly service: string;
  readonly version?: string;
  readonly copy?: string;
  readonly detail?: string;
}

const largest = 64 * 1024 * 1024;

/** One line of JSON an event, in the order in which they happened. Put aside when a host starts and finds it very long. */
export class EventLog {
  readonly #file: string;

  constructor(file: string) {
    mkdirSync(dirname(file), { recursive: true });
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > largest) renameSync(file, `${file}.1`);
    this.#file = file;
  }

  /** Written before anything that follows from it can be seen, so that a request is never older than the event that let it happen. */
  write(event: HostEvent): void {
    const at = performance.timeOrigin + performance.now();
    try {
      appendFileSync(this.#file, `${JSON.stringify({ at, ...event })}\n`, { mode: 0o600 });
    } catch {
      // A full disk must not stop what serves.
    }
  }
}
