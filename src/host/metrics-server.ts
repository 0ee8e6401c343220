import { createServer, type Server } from 'node:http';
import type { Listener } from './door.ts';
import { listen } from './listen.ts';

/** Answers whoever scrapes the counters of a service. */
export class MetricsServer implements Listener {
  readonly #server: Server;

  constructor(page: () => string) {
    this.#server = createServer((request, response) => {
      const found = request.url?.split('?')[0] === '/metrics';
      const allowed = request.method === 'GET' || request.method === 'HEAD';
      response.statusCode = !found ? 404 : allowed ? 200 : 405;
      response.setHeader('content-type', 'text/plain; version=0.0.4; charset=utf-8');
      response.end(found && allowed ? page() : 'GET /metrics\n');
    });
  }

  listen(host: string, port: number): Promise<number> {
    return listen(this.#server, host, port);
  }

  close(): void {
    this.#server.close();
    this.#server.closeIdleConnections();
  }

  destroy(): void {
    this.#server.closeAllConnections();
  }
}
