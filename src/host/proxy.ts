import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { createProxyServer } from 'httpxy';
import type { Copy } from './copy.ts';
import type { Ending } from './counters.ts';
import { longestAnswer } from './labels.ts';

/** What the proxy asks of the service it is in front of. */
export interface Front {
  /** The version for a request by the weights now; null: none has a share. */
  readonly choose: (id: string) => string | null;
  /** A copy of a version, another than the one given where there is one. */
  readonly copyOf: (version: string, without: Copy | null) => Copy | null;
  readonly ended: (version: string, ending: Ending) => void;
  readonly refused: () => void;
  /** Whether answers are kept at all, to be joined with their labels. */
  readonly keeps: () => boolean;
  readonly keep: (id: string, version: string, body: Buffer) => void;
}

/** A body up to this can be sent again. */
const replayable = 65_536;
const tries = 3;
const upstreamPatience = 120_000;
const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE']);

/** One request on its way. */
interface Passage {
  readonly id: string;
  readonly version: string;
  readonly started: number;
  /** The whole body where it can be sent again; null: it is streamed, once. */
  readonly body: Buffer | null;
  copy: Copy;
  attempt: number;
  reused: boolean;
  answering: IncomingMessage | null;
  broken: boolean;
  settled: boolean;
}

const passages = new WeakMap<IncomingMessage, Passage>();

/** Listens for clients and passes each request to a copy of the version that its id and the weights choose. */
export class Proxy {
  readonly #front: Front;
  readonly #proxy = createProxyServer({ xfwd: true, proxyTimeout: upstreamPatience, ws: true });
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  constructor(front: Front) {
    this.#front = front;
    this.#server = createServer({ keepAliveTimeout: 65_000, requestTimeout: 0 }, (request, response) => void this.#pass(request, response));
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket as Socket, head));
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    this.#proxy.on('proxyReq', (sent, request) => {
      const passage = passages.get(request);
      if (passage) passage.reused = sent.reusedSocket;
    });
    this.#proxy.on('proxyRes', (answer, request) => this.#answering(answer, request));
    this.#proxy.on('end', (request) => this.#answered(request));
    this.#proxy.on('error', (error, request, response) => this.#failed(error, request, response as ServerResponse | Socket | undefined));
    this.#proxy.on('econnreset', (_error, request) => this.#abandoned(request));
  }

  /** Resolves with the port; fails as `listen` does, for one with EADDRINUSE. */
  listen(host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, 511, () => {
        this.#server.removeListener('error', reject);
        this.#server.on('error', () => {});
        const address = this.#server.address();
        resolve(address && typeof address === 'object' ? address.port : port);
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeIdleConnections();
      setTimeout(() => {
        for (const socket of this.#sockets) socket.destroy();
      }, 1_000).unref();
    });
  }

  async #pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = identify(request);
    response.setHeader('x-request-id', id);
    const version = this.#front.choose(id);
    const copy = version === null ? null : this.#front.copyOf(version, null);
    if (version === null || copy === null) return this.#refuse(request, response);
    const length = bodyLength(request);
    const whole = length !== null && length <= replayable;
    const body = whole && length > 0 ? await readBody(request, length) : whole ? Buffer.alloc(0) : null;
    if (body === null && whole) return;
    const passage: Passage = { id, version, body, copy, started: performance.now(), attempt: 0, reused: false, answering: null, broken: false, settled: false };
    passages.set(request, passage);
    response.once('close', () => this.#closed(passage));
    this.#send(passage, request, response);
  }

  #send(passage: Passage, request: IncomingMessage, response: ServerResponse): void {
    const { copy, body } = passage;
    passage.attempt += 1;
    passage.reused = false;
    copy.inFlight += 1;
    void this.#proxy.web(request, response, {
      target: { host: '127.0.0.1', port: copy.port ?? 0, protocol: 'http:' },
      // Tried again on a connection of its own: another idle one may be as dead as the first.
      agent: passage.attempt === 1 ? copy.agent : false,
      ...(body === null ? {} : { buffer: body.length === 0 ? Readable.from([]) : Readable.from([body]) }),
    });
  }

  #answering(answer: IncomingMessage, request: IncomingMessage): void {
    const passage = passages.get(request);
    if (!passage) return;
    passage.answering = answer;
    answer.headers['x-request-id'] = passage.id;
    answer.headers['x-sofare-version'] = passage.version;
    answer.headers['x-sofare-instance'] = passage.copy.id;
    delete answer.headers['x-sofare-origin'];
    // These speak of the connection to the copy, not of the client's.
    delete answer.headers.connection;
    delete answer.headers['keep-alive'];
    answer.once('close', () => {
      if (!answer.complete) passage.broken = true;
    });
    if (this.#front.keeps() && (answer.statusCode ?? 500) < 400 && /json/.test(String(answer.headers['content-type']))) collect(answer, (body) => this.#front.keep(passage.id, passage.version, body));
  }

  #answered(request: IncomingMessage): void {
    const passage = passages.get(request);
    if (passage) this.#settle(passage, { kind: 'answered', status: passage.answering?.statusCode ?? 502, took: performance.now() - passage.started });
  }

  /** No answer came. Sent again only where that cannot do twice what was asked once. */
  #failed(error: Error, request: IncomingMessage | undefined, response: ServerResponse | Socket | undefined): void {
    const passage = request && passages.get(request);
    if (!request || !passage || passage.settled || !response || !('setHeader' in response)) {
      if (response && !('setHeader' in response)) response.destroy();
      return;
    }
    const clientGone = response.destroyed || request.socket.destroyed;
    const nothingCame = passage.answering === null && !response.headersSent;
    const harmless = passage.body !== null && (idempotent.has(request.method ?? '') || passage.reused);
    passage.copy.release();
    if (clientGone) return void (passage.settled = true);
    const next = nothingCame && harmless && passage.attempt < tries ? this.#front.copyOf(passage.version, passage.copy) : null;
    if (next) {
      passage.copy = next;
      return this.#send(passage, request, response);
    }
    passage.settled = true;
    this.#front.ended(passage.version, { kind: 'unanswered' });
    if (!nothingCame) return void response.destroy();
    own(response, 502, `no answer from ${passage.version}: ${error.message}`, { 'x-sofare-version': passage.version, 'x-sofare-instance': passage.copy.id });
  }

  /** The client went away: whatever the model would have said, nobody was there to hear it. */
  #abandoned(request: IncomingMessage): void {
    const passage = passages.get(request);
    if (!passage || passage.settled) return;
    passage.settled = true;
    passage.copy.release();
  }

  /** The answer's connection is closed. An answer that broke off in the middle is none; a client that left is not the model's doing. */
  #closed(passage: Passage): void {
    if (passage.settled) return;
    if (passage.broken) this.#settle(passage, { kind: 'unanswered' });
    else {
      passage.settled = true;
      passage.copy.release();
    }
  }

  #settle(passage: Passage, ending: Ending): void {
    if (passage.settled) return;
    passage.settled = true;
    passage.copy.release();
    this.#front.ended(passage.version, ending);
  }

  #refuse(request: IncomingMessage, response: ServerResponse): void {
    this.#front.refused();
    request.resume();
    own(response, 503, 'no version with a share is ready', {});
  }

  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const id = identify(request);
    const version = this.#front.choose(id);
    const copy = version === null ? null : this.#front.copyOf(version, null);
    if (!copy) {
      this.#front.refused();
      socket.end('HTTP/1.1 503 Service Unavailable\r\nx-sofare-origin: proxy\r\nconnection: close\r\n\r\n');
      return;
    }
    copy.inFlight += 1;
    socket.once('close', () => copy.release());
    void this.#proxy.ws(request, socket, { target: { host: '127.0.0.1', port: copy.port ?? 0, protocol: 'http:' } }, head);
  }
}

/** An answer that the proxy made itself, and says so. */
function own(response: ServerResponse, status: number, error: string, headers: Readonly<Record<string, string>>): void {
  const body = `${JSON.stringify({ error })}\n`;
  response.writeHead(status, { ...headers, 'x-sofare-origin': 'proxy', 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

/** The client's request id, or one made here. Clients cannot ask for a version. */
function identify(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && /^[\x21-\x7e]{1,200}$/.test(given) ? given : randomUUID();
  request.headers['x-request-id'] = id;
  delete request.headers['x-sofare-version'];
  delete request.headers['x-sofare-instance'];
  return id;
}

/** Null when only the end of the stream will tell. */
function bodyLength(request: IncomingMessage): number | null {
  if (request.headers['transfer-encoding'] !== undefined) return null;
  const length = request.headers['content-length'];
  return length === undefined ? 0 : Number(length);
}

/** Null when the client went away before it had sent everything. */
function readBody(request: IncomingMessage, length: number): Promise<Buffer | null> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.once('end', () => resolve(Buffer.concat(parts, length)));
    request.once('error', () => resolve(null));
    request.once('close', () => resolve(null));
  });
}

function collect(answer: IncomingMessage, whole: (body: Buffer) => void): void {
  const parts: Buffer[] = [];
  let length = 0;
  answer.on('data', (part: Buffer) => {
    length += part.length;
    if (length <= longestAnswer) parts.push(part);
  });
  answer.once('end', () => {
    if (length <= longestAnswer) whole(Buffer.concat(parts));
  });
}
