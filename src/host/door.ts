/** A server that stands behind a door. */
export interface Listener {
  /** Resolves with the port; fails as `listen` does, for one with EADDRINUSE. */
  listen(host: string, port: number): Promise<number>;
  /** Takes no new connection; what is in flight goes on. */
  close(): void;
  destroy(): void;
}

const tryAgainIn = 1_000;

/** An address of a service. One that is taken is tried again until it is free, for clients know no other. */
export class Door {
  readonly #make: () => Listener;
  readonly #changed: (event: 'listening' | 'listen-failed', detail: string) => void;
  #listener: Listener | null = null;
  #wanted: string | null = null;
  #address: string | null = null;
  #problem: string | null = null;
  #timer: NodeJS.Timeout | undefined;
  #port = 0;

  constructor(make: () => Listener, changed: (event: 'listening' | 'listen-failed', detail: string) => void) {
    this.#make = make;
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
    this.#listener?.close();
  }

  destroy(): void {
    this.#listener?.destroy();
  }

  async #try(listen: string, kept: number | null): Promise<void> {
    const { host, port } = placeOf(listen);
    const listener = this.#make();
    try {
      this.#port = await listener.listen(host, port === 0 ? (kept ?? 0) : port);
      this.#listener?.close();
      this.#listener = listener;
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
