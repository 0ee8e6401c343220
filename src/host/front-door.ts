import { type Front, TrafficProxy } from './proxy.ts';

const tryAgainIn = 1_000;

/** The address of a service. One that is taken is tried again until it is free, for clients know no other. */
export class FrontDoor {
  readonly #front: Front;
  readonly #changed: (event: 'listening' | 'listen-failed', detail: string) => void;
  #proxy: TrafficProxy | null = null;
  #wanted: string | null = null;
  #address: string | null = null;
  #problem: string | null = null;
  #timer: NodeJS.Timeout | undefined;
  #port = 0;

  constructor(front: Front, changed: (event: 'listening' | 'listen-failed', detail: string) => void) {
    this.#front = front;
    this.#changed = changed;
  }

  get address(): string | null {
    return this.#address;
  }

  /** Why nothing listens, or null. */
  get problem(): string | null {
    return this.#problem;
  }

  get port(): number {
    return this.#port;
  }

  /** Listens at `host:port`; port 0 takes the one kept from earlier, or any. Returns after the first try. */
  async open(listen: string, kept: number | null): Promise<void> {
    if (listen === this.#wanted) return;
    this.#wanted = listen;
    clearTimeout(this.#timer);
    await this.#try(listen, kept);
  }

  /** Takes no new connection; what is in flight goes on. */
  close(): void {
    clearTimeout(this.#timer);
    this.#proxy?.close();
  }

  destroy(): void {
    this.#proxy?.destroy();
  }

  async #try(listen: string, kept: number | null): Promise<void> {
    const { host, port } = placeOf(listen);
    const proxy = new TrafficProxy(this.#front);
    try {
      this.#port = await proxy.listen(host, port === 0 ? (kept ?? 0) : port);
      this.#proxy?.close();
      this.#proxy = proxy;
      this.#address = `http://${host.includes(':') ? `[${host}]` : host}:${this.#port}`;
      this.#problem = null;
      this.#changed('listening', this.#address);
    } catch (error) {
      const problem = `${listen}: ${error instanceof Error ? error.message : String(error)}`;
      this.#timer = setTimeout(() => void this.#try(listen, kept), tryAgainIn);
      if (problem === this.#problem) return;
      this.#problem = problem;
      this.#changed('listen-failed', problem);
    }
  }
}

function placeOf(listen: string): { readonly host: string; readonly port: number } {
  const colon = listen.lastIndexOf(':');
  return { host: listen.slice(0, colon).replace(/^\[(.*)\]$/, '$1') || '127.0.0.1', port: Number(listen.slice(colon + 1)) };
}
