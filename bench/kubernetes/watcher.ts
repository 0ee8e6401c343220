import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Access } from '../../test/real/kubernetes/api.ts';

/** What was seen of a VirtualService or of a Service. */
export interface Sight {
  /** NAMESPACE/NAME. */
  readonly called: string;
  readonly gone: boolean;
  /** By host, where it is a VirtualService. */
  readonly weights: Readonly<Record<string, number>>;
  /** Of a Service; null for a VirtualService. */
  readonly selector: Readonly<Record<string, string>> | null;
  /** When, by `moment`. */
  readonly at: number;
}

/** What is in force by the latest sights. */
export interface Seen {
  weights(virtualService: string): Readonly<Record<string, number>>;
  selector(service: string): Readonly<Record<string, string>>;
}

/** The one separate watcher: whoever moves traffic, it is moved when a process that has no part in it has seen so. */
export class Watcher implements Disposable {
  readonly #routes = new Map<string, Sight>();
  readonly #services = new Map<string, Sight>();
  readonly #awaited = new Set<(at: number) => void>();
  readonly #process;

  constructor(access: Access) {
    const paths = ['/apis/networking.istio.io/v1/virtualservices', '/api/v1/services'];
    this.#process = fork(join(import.meta.dirname, 'watcher-process.ts'), [JSON.stringify({ access, paths })]);
    this.#process.on('message', (sight: Sight) => {
      (sight.selector === null ? this.#routes : this.#services).set(sight.called, sight);
      for (const look of this.#awaited) look(sight.at);
    });
  }

  /** The moment of the sight by which it first is so; at once, with 0, where it is so already. */
  until(so: (seen: Seen) => boolean): Promise<number> {
    const seen: Seen = {
      weights: (called) => this.#routes.get(called)?.weights ?? {},
      selector: (called) => this.#services.get(called)?.selector ?? {},
    };
    if (so(seen)) return Promise.resolve(0);
    return new Promise((resolve) => {
      const look = (at: number): void => {
        if (!so(seen)) return;
        this.#awaited.delete(look);
        resolve(at);
      };
      this.#awaited.add(look);
    });
  }

  [Symbol.dispose](): void {
    this.#process.kill();
  }
}
