import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { createProxyServer, type ProxyServerOptions } from 'httpxy';
import { chooseAgain, chooseCopy, type Pool } from './choose-copy.ts';
import type { Copy } from './copy.ts';
import type { Counters } from './counters.ts';
import { collect, readsAnswer } from './labels.ts';
import { listen } from './listen.ts';
import { answerOnSocket, answerOurselves } from './own-answer.ts';
import { destinationOf, Passage } from './passage.ts';
import { bodyLength, prepareHead, readBody, requestId } from './request-head.ts';

/** What the proxy asks of the service it is in front of. */
export interface Front {
  /** The copies for a request by the weights now. */
  readonly pool: (id: string) => Pool;
  /** All copies of a version, in whatever state. */
  readonly copiesOf: (version: string) => readonly Copy[];
  /** Where it tells what was given to a version, how it ended, and what none could take. */
  readonly counters: Pick<Counters, 'send' | 'count' | 'refuse'>;
  /** Who is behind a request, where users are what is counted; null: requests are. All requests of one go to one version. */
  readonly unitOf: (headers: IncomingHttpHeaders, id: string) => string | null;
  /** Whether answers are kept, to be joined with their labels. */
  readonly keeps: () => boolean;
  readonly keep: (passage: Passage, body: Buffer) => void;
}

/** A body up to this is read whole before it is sent, so that it can be sent again. */
const replayable = 65_536;
/** Silence of a copy after which a request counts as unanswered. */
const patience = 120_000;
const idleSeconds = 65;
const nothing = Buffer.alloc(0);

/** Listens for clients and passes each request to a copy of the version that its id and the weights choose. */
export class TrafficProxy {
  readonly #front: Front;
  readonly #proxy = createProxyServer({ xfwd: true });
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #passages = new WeakMap<IncomingMessage, Passage>();

  constructor(front: Front) {
    this.#front = front;
    this.#server = createServer(
      { keepAliveTimeout: idleSeconds * 1_000, requestTimeout: 0, shouldUpgradeCallback: isWebSocket },
      (request, response) => void this.#receive(request, response),
    );
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket as Socket, head));
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    this.#proxy.on('proxyReq', (sent, request) => {
      const passage = this.#passages.get(request);
      if (!passage) return;
      passage.sent = sent;
      // A streamed body may wait for the first words of the answer, which waits for the head.
      if (passage.body === null) sent.flushHeaders();
      sent.setTimeout(patience, () => {
        if (!passage.isWaiting(request)) return;
        passage.timedOut = true;
        sent.destroy(new Error(`nothing came for ${patience / 1_000} s`));
      });
    });
    this.#proxy.on('proxyRes', (answer, request, response) => this.#answering(answer, request, response));
    this.#proxy.on('end', (request) => this.#passages.get(request)?.end('answered'));
    this.#proxy.on('error', (error, request, response, target) => {
      if (request && response && 'setHeader' in response) this.#failed(error, request, response, target);
    });
  }

  listen(host: string, port: number): Promise<number> {
    return listen(this.#server, host, port);
  }

  /** Takes no new connection. What is in flight goes on until `destroy`. */
  close(): void {
    this.#server.close();
    this.#server.closeIdleConnections();
  }

  destroy(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = requestId(request.headers);
    prepareHead(request, id);
    if (this.#front.keeps()) delete request.headers['accept-encoding'];
    const length = bodyLength(request.headers);
    const whole = length !== null && length <= replayable;
    // Read before anything is chosen: a client that sends slowly must not reach a copy that has left the choice meanwhile.
    const body = !whole ? null : length === 0 ? nothing : await readBody(request);
    if (whole && body === null) return;
    const unit = this.#front.unitOf(request.headers, id);
    const copy = chooseCopy(this.#front.pool(unit ?? id));
    if (!copy) {
      this.#front.counters.refuse();
      request.resume();
      return answerOurselves(response, 503, 'no version with a share is ready', { 'x-request-id': id });
    }
    const affected = this.#front.counters.send(copy.version, unit);
    const passage = new Passage({ id, body, unit: affected }, copy, (version, ending) =>
      this.#front.counters.count(version, ending, affected),
    );
    this.#passages.set(request, passage);
    response.once('close', () => passage.end('aborted'));
    this.#send(passage, request, response);
  }

  #send(passage: Passage, request: IncomingMessage, response: ServerResponse): void {
    const { body, destination } = passage;
    const options: ProxyServerOptions = {
      target: destination,
      // Tried again on a connection of its own: another idle one may be as dead as the first.
      agent: passage.attempts === 1 ? passage.copy.agent : false,
      ...(body === null ? {} : { buffer: whole(body) }),
    };
    // What went wrong is told by the event; the promise would only tell it again.
    this.#proxy.web(request, response, options).catch(() => {});
  }

  #answering(answer: IncomingMessage, request: IncomingMessage, response: ServerResponse): void {
    const passage = this.#passages.get(request);
    if (!passage) return;
    passage.answer = answer;
    const { headers } = answer;
    headers['x-request-id'] = passage.id;
    headers['x-sofare-version'] = passage.version;
    headers['x-sofare-instance'] = passage.copy.id;
    delete headers['x-sofare-origin'];
    // What the copy says of its connection to us is not the client's business; ours is.
    delete headers.connection;
    delete headers['keep-alive'];
    if (response.shouldKeepAlive) headers['keep-alive'] = `timeout=${idleSeconds}`;
    else headers.connection = 'close';
    answer.once('error', () => passage.end('unanswered'));
    answer.once('close', () => passage.end(answer.complete ? 'answered' : 'unanswered'));
    if (this.#front.keeps() && readsAnswer(answer)) collect(answer, (body) => this.#front.keep(passage, body));
  }

  /** No answer came, or it broke off. */
  #failed(error: NodeJS.ErrnoException, request: IncomingMessage, response: ServerResponse, target: unknown): void {
    const passage = this.#passages.get(request);
    if (!passage || passage.over || target !== passage.destination) return;
    if (response.destroyed || request.socket.destroyed) {
      passage.end('aborted');
      return;
    }
    const next = passage.maySendAgain(request.method ?? '', error)
      ? chooseAgain(this.#front.copiesOf(passage.version), passage.copy)
      : null;
    if (next) {
      passage.moveTo(next);
      this.#send(passage, request, response);
      return;
    }
    const { version, copy, id } = passage;
    passage.end('unanswered');
    if (response.headersSent) {
      response.destroy();
      return;
    }
    answerOurselves(response, passage.timedOut ? 504 : 502, `no answer from ${version}: ${error.message}`, {
      'x-request-id': id,
      'x-sofare-version': version,
      'x-sofare-instance': copy.id,
    });
  }

  #upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const id = requestId(request.headers);
    const { connection } = request.headers;
    prepareHead(request, id);
    request.headers.connection = connection ?? 'Upgrade';
    // Nobody else listens while the way is made; an error that nobody hears would end the host.
    socket.on('error', () => {});
    const copy = chooseCopy(this.#front.pool(this.#front.unitOf(request.headers, id) ?? id));
    if (!copy) {
      this.#front.counters.refuse();
      answerOnSocket(socket, '503 Service Unavailable', id);
      return;
    }
    copy.take();
    socket.once('close', () => copy.release());
    this.#proxy
      .ws(request, socket, { target: destinationOf(copy) }, head)
      .catch(() => answerOnSocket(socket, '502 Bad Gateway', id));
  }
}

/** An upgrade to anything else may be ignored (RFC 9110, 7.8), and is: the request is answered as it is. */
function isWebSocket(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === 'websocket';
}

/** The least that the proxying library needs of a stream: this body is here whole and goes out in one piece. */
function whole(body: Buffer): NonNullable<ProxyServerOptions['buffer']> {
  const pipe = (destination: NodeJS.WritableStream): unknown => (body.length === 0 ? destination.end() : destination.end(body));
  return { pipe } as unknown as NonNullable<ProxyServerOptions['buffer']>;
}
