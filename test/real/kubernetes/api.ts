import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { setTimeout } from 'node:timers/promises';
import { linesOf } from './lines.ts';

/** Where an API server answers, and as whom. */
export interface Access {
  readonly address: string;
  /** What signed its certificate, as PEM. */
  readonly authority: string;
  readonly token: string;
}

/** Any object of Kubernetes, as JSON has it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [field: string]: unknown };
  // biome-ignore lint/suspicious/noExplicitAny: tests read into objects of every kind.
  readonly [field: string]: any;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  readonly body: any;
}

/** What tests themselves ask of an API server, apart from the client that is under test. Paths begin at the server's root. */
export class Api {
  readonly access: Access;
  readonly #agent: Agent;

  constructor(access: Access) {
    this.access = access;
    this.#agent = new Agent({ ca: access.authority, keepAlive: true });
  }

  /** Sends one request. `type`: of the body, where it is not JSON (patches have types of their own). */
  async send(method: string, path: string, body?: unknown, type = 'application/json'): Promise<Answer> {
    return read(await this.#begin(method, path, body, type));
  }

  /** As `send`; comes again where the API server asks for it, and fails where the answer is none of success. */
  async must(method: string, path: string, body?: unknown, type = 'application/json'): Promise<Manifest> {
    const answer = await read(await this.#patiently(method, path, body, type));
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /**
   * Follows a collection (a path, with a query or without) until a state of an object in it satisfies; gives that one. Without a
   * resource version in the query it sees first what is there. Begins again where the API server ends the watch.
   */
  async until(path: string, satisfied: (object: Manifest, event: string) => boolean): Promise<Manifest> {
    for (;;) {
      const found = await this.once(path, satisfied);
      if (found) return found;
    }
  }

  /** As `until`, by one watch: null where it ends before. */
  async once(path: string, satisfied: (object: Manifest, event: string) => boolean): Promise<Manifest | null> {
    const response = await this.#patiently('GET', `${path}${path.includes('?') ? '&' : '?'}watch=true`);
    if (response.statusCode !== 200) throw new Error(`watching ${path}: ${JSON.stringify(await read(response))}`);
    try {
      for await (const line of linesOf(response)) {
        const { type, object } = JSON.parse(line) as { type: string; object: Manifest };
        if (satisfied(object, type)) return object;
      }
      return null;
    } finally {
      response.destroy();
    }
  }

  /** Waits as long as it is told to: the first to ask for objects of a new kind is sent away while their storage is made. */
  async #patiently(method: string, path: string, body?: unknown, type?: string): Promise<IncomingMessage> {
    for (;;) {
      const response = await this.#begin(method, path, body, type);
      if (response.statusCode !== 429) return response;
      await read(response);
      await setTimeout(Number(response.headers['retry-after'] ?? 1) * 1_000);
    }
  }

  async #begin(method: string, path: string, body?: unknown, type?: string): Promise<IncomingMessage> {
    const { address, token } = this.access;
    const content = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      'authorization': `Bearer ${token}`,
      'accept': 'application/json',
      ...(content && { 'content-type': type }),
    };
    const sent = request(new URL(path, address), { method, agent: this.#agent, headers });
    sent.end(content);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return response;
  }

  /** Closes its connections. */
  close(): void {
    this.#agent.destroy();
  }
}

async function read(response: IncomingMessage): Promise<Answer> {
  let text = '';
  for await (const part of response.setEncoding('utf8')) text += part;
  const json = /json/.test(response.headers['content-type'] ?? '');
  return { status: response.statusCode ?? 0, headers: response.headers, body: json ? JSON.parse(text) : text };
}
