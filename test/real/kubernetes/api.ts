import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
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
    const response = await this.#begin(method, path, body, type);
    const content = await text(response);
    const json = /json/.test(response.headers['content-type'] ?? '');
    return { status: response.statusCode ?? 0, headers: response.headers, body: json ? JSON.parse(content) : content };
  }

  /** As `send`, and fails where the answer is none of success. */
  async must(method: string, path: string, body?: unknown, type?: string): Promise<Manifest> {
    const answer = await this.send(method, path, body, type);
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
    const response = await this.#begin('GET', `${path}${path.includes('?') ? '&' : '?'}watch=true`);
    if (response.statusCode !== 200) throw new Error(`watching ${path}: ${response.statusCode} ${await text(response)}`);
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

async function text(response: IncomingMessage): Promise<string> {
  let whole = '';
  for await (const part of response.setEncoding('utf8')) whole += part;
  return whole;
}
