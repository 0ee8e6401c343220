import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Agent, createServer, request, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Access } from './api.ts';
import type { ServingCertificate } from './api-server.ts';
import { type Rule, statusObject } from './faults.ts';
import { faultyWatch } from './faulty-watch.ts';

/** A rule at work. */
export interface Failing {
  /** How often the fault has happened. */
  readonly times: number;
  /** Fulfilled when it has happened for the first time: to requests that are carried out, when the API server has done it. */
  readonly happened: Promise<void>;
}

interface Held {
  readonly rule: Rule;
  matched: number;
  times: number;
  readonly happened: PromiseWithResolvers<void>;
}

/** Stands between a client and a real API server, as that server, and fails where it is told to. */
export class FaultyProxy implements AsyncDisposable {
  readonly #behind: Access;
  readonly #server: Server;
  readonly #agent: Agent;
  #rules: Held[] = [];
  /** Everything that it was asked, in order. */
  readonly asked: { readonly method: string; readonly path: string }[] = [];

  constructor(behind: Access, serving: ServingCertificate) {
    this.#behind = behind;
    this.#agent = new Agent({ ca: behind.authority, keepAlive: true });
    this.#server = createServer({ cert: serving.certificate, key: serving.key }, (incoming, outgoing) => {
      this.#serve(incoming, outgoing).catch(() => cut(outgoing));
    });
  }

  /** Begins to listen; gives the access of the same account through it. */
  async start(): Promise<Access> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this.through(this.#behind);
  }

  /** The access of any account through this proxy. */
  through(access: Access): Access {
    return { ...access, address: `https://127.0.0.1:${(this.#server.address() as AddressInfo).port}` };
  }

  /** From now on. The first rule that befalls a request decides; every rule counts the requests that it matches. */
  fail(rule: Rule): Failing {
    const held: Held = { rule, matched: 0, times: 0, happened: Promise.withResolvers<void>() };
    this.#rules.push(held);
    return {
      get times() {
        return held.times;
      },
      happened: held.happened.promise,
    };
  }

  /** Passes everything on again. */
  heal(): void {
    this.#rules = [];
  }

  /** Ends every connection to it: requests that nobody will answer fail. */
  closeConnections(): void {
    this.#server.closeAllConnections();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#agent.destroy();
    this.closeConnections();
    await new Promise((done) => this.#server.close(done));
  }

  #befalling(method: string, path: string): Held | undefined {
    const matching = this.#rules.filter(({ rule }) => (rule.method ?? method) === method && rule.path.test(path));
    for (const held of matching) held.matched += 1;
    return matching.find(({ rule: { nth = 1, times = 1 }, matched }) => matched >= nth && matched < nth + times);
  }

  async #serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const [method, path] = [incoming.method ?? '', incoming.url ?? ''];
    const body = await whole(incoming);
    this.asked.push({ method, path });
    const held = this.#befalling(method, path);
    const happened = (): void => {
      if (!held) return;
      held.times += 1;
      held.happened.resolve();
    };
    const fault = held?.rule.fault;
    if (fault === 'times out before the effect') return happened();
    if (fault === 'reset before the effect') {
      outgoing.socket?.destroy();
      return happened();
    }
    if (typeof fault === 'object' && 'status' in fault) {
      answer(outgoing, fault.status, fault.message, fault.retryAfter);
      return happened();
    }
    if (typeof fault === 'object' && 'first' in fault) {
      await fault.first();
      happened();
    }
    const answered = await this.#passOn(incoming, body, outgoing);
    if (typeof fault === 'object' && 'watch' in fault) {
      outgoing.writeHead(answered.statusCode ?? 0, answered.headers);
      outgoing.flushHeaders();
      return faultyWatch(fault, answered, outgoing, happened);
    }
    if (typeof fault !== 'string') {
      outgoing.writeHead(answered.statusCode ?? 0, answered.headers);
      outgoing.flushHeaders();
      answered.pipe(outgoing);
      return;
    }
    const content = await whole(answered);
    happened();
    if (fault === 'times out after the effect') return;
    if (fault === 'reset in the body') {
      const { 'transfer-encoding': _chunked, ...headers } = answered.headers;
      outgoing.writeHead(answered.statusCode ?? 0, { ...headers, 'content-length': content.length });
      await new Promise((sent) => outgoing.write(content.subarray(0, content.length / 2), sent));
    }
    outgoing.socket?.destroy();
  }

  async #passOn(incoming: IncomingMessage, body: Buffer, outgoing: ServerResponse): Promise<IncomingMessage> {
    const { host: _host, ...headers } = incoming.headers;
    const url = new URL(incoming.url ?? '/', this.#behind.address);
    const sent = request(url, { method: incoming.method ?? 'GET', headers, agent: this.#agent });
    // A watch ends at the API server too when its client goes.
    outgoing.on('close', () => sent.destroy());
    sent.on('error', () => cut(outgoing));
    sent.end(body);
    const [answered] = (await once(sent, 'response')) as [IncomingMessage];
    answered.on('error', () => cut(outgoing));
    return answered;
  }
}

/** A client whose answer is complete may use its connection again. */
function cut(outgoing: ServerResponse): void {
  if (!outgoing.writableEnded) outgoing.socket?.destroy();
}

async function whole(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function answer(outgoing: ServerResponse, code: Parameters<typeof statusObject>[0], message?: string, retryAfter?: number): void {
  const wait = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  outgoing.writeHead(code, { 'content-type': 'application/json', ...wait });
  outgoing.end(JSON.stringify(statusObject(code, message, retryAfter)));
}
