import type { ClientRequest, IncomingMessage } from 'node:http';
import type { AffectedUnit } from './affected-units.ts';
import type { Copy } from './copy.ts';
import type { Ending } from './counters.ts';
import { idempotent } from './request-head.ts';

/** Where an attempt goes. A new object for each, so that a late error of an earlier attempt is told from one of the present. */
export interface Destination {
  readonly host: string;
  readonly port: number;
  readonly protocol: 'http:';
}

export const mostAttempts = 3;

/** What is sent, and for whom. */
export interface Sent {
  readonly id: string;
  /** The whole body where it can be sent again; null: it is streamed, once. */
  readonly body: Buffer | null;
  /** Who is behind it, where users are what is counted. */
  readonly unit: AffectedUnit | null;
}

/** One request on its way. Ends once, in one of the ways of `Ending`, and holds its copy until then. */
export class Passage {
  readonly id: string;
  readonly body: Buffer | null;
  readonly unit: AffectedUnit | null;
  copy: Copy;
  destination: Destination;
  attempts = 1;
  sent: ClientRequest | null = null;
  answer: IncomingMessage | null = null;
  timedOut = false;
  readonly #started = performance.now();
  readonly #ended: (version: string, ending: Ending) => void;
  #over = false;

  constructor({ id, body, unit }: Sent, copy: Copy, ended: (version: string, ending: Ending) => void) {
    this.id = id;
    this.body = body;
    this.unit = unit;
    this.copy = copy;
    this.destination = destinationOf(copy);
    this.#ended = ended;
    copy.take();
  }

  get version(): string {
    return this.copy.version;
  }

  get over(): boolean {
    return this.#over;
  }

  /** Whether it is the copy that everybody waits for: not a client that is slow to send, nor one that is slow to read. */
  isWaiting(request: IncomingMessage): boolean {
    return this.answer === null ? this.body !== null || request.complete : !this.answer.isPaused();
  }

  /**
   * Whether sending it again cannot do twice what was asked once: nothing came back, the body is here whole, and the request may be
   * repeated, or it never reached the model: the connection was refused, or was an idle one that the copy, still alive, had closed.
   */
  maySendAgain(method: string, error: NodeJS.ErrnoException): boolean {
    if (this.answer !== null || this.body === null || this.timedOut || this.attempts >= mostAttempts) return false;
    if (idempotent.has(method) || error.syscall === 'connect') return true;
    return (this.sent?.reusedSocket ?? false) && !this.copy.isEnding();
  }

  /** Holds the next copy before it lets go of the last, so that a copy that waits to be idle does not end in between. */
  moveTo(copy: Copy): void {
    copy.take();
    this.copy.release();
    this.copy = copy;
    this.destination = destinationOf(copy);
    this.attempts += 1;
    this.sent = null;
  }

  end(how: Ending['kind']): void {
    if (this.#over) return;
    this.#over = true;
    this.copy.release();
    this.#ended(
      this.version,
      how === 'answered'
        ? { kind: how, status: this.answer?.statusCode ?? 502, took: performance.now() - this.#started }
        : { kind: how },
    );
  }
}

export function destinationOf(copy: Copy): Destination {
  return { host: '127.0.0.1', port: copy.port ?? 0, protocol: 'http:' };
}
