import { chmodSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { diskProblem } from '../model/disk-problem.ts';
import { type Problem, ProblemError } from '../model/errors.ts';
import { hostProtocol } from '../model/hosting.ts';
import type { Host } from './host.ts';
import { readRetire, readSwap, readWant, readWeights } from './requests.ts';

const largestBody = 16 * 1024 * 1024;
const longestWait = 60_000;

/** Answers on the host's socket until it is closed. `down` is called once the answer that the host goes down is sent. */
export async function openApi(host: Host, socket: string, down: () => void): Promise<Server> {
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 60_000 }, (request, response) => {
    answer(host, request, down)
      .then((document) => send(response, 200, document))
      .catch((error: unknown) => send(response, statusOf(error), { problem: problemOf(error) }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, () => resolve());
  });
  chmodSync(socket, 0o600);
  return server;
}

async function answer(host: Host, request: IncomingMessage, down: () => void): Promise<unknown> {
  const url = new URL(request.url ?? '/', 'http://host');
  if (request.headers['x-sofare-host'] !== hostProtocol) throw new ProblemError(otherProtocol());
  if (request.method !== 'GET' && url.pathname !== '/down') host.requireUp();
  const [, root, name = '', what = ''] = partsOf(url.pathname);
  const route = `${request.method} ${root === 'services' ? `/services/:service${what ? `/${what}` : ''}` : url.pathname}`;
  switch (route) {
    case 'GET /':
      return host.hello();
    case 'GET /services/:service':
      return host.service(name).hosted();
    case 'GET /services/:service/changes': {
      const service = host.service(name);
      await service.changed(
        Number(url.searchParams.get('since') ?? 0),
        Math.min(Number(url.searchParams.get('wait') ?? 0), longestWait),
      );
      return service.hosted();
    }
    case 'GET /services/:service/counters':
      return host.counters(name);
    case 'GET /services/:service/record':
      return host.record(name);
    case 'PUT /services/:service/record':
      return { swapped: await host.ensure(name).swap(readSwap(await body(request))) };
    case 'POST /services/:service/wanted':
      await host.ensure(name).want(readWant(await body(request)));
      return host.service(name).hosted();
    case 'POST /services/:service/weights':
      await host.service(name).setWeights(readWeights(await body(request)));
      return host.service(name).hosted();
    case 'POST /services/:service/retire':
      await host.service(name).retire(readRetire(await body(request)));
      return host.service(name).hosted();
    case 'POST /services/:service/labels': {
      const service = host.service(name);
      return service.labels.take(service.hosted().policy?.labels ?? null, (await text(request)).split('\n'), Date.now());
    }
    case 'POST /down':
      setImmediate(down);
      return {};
    default:
      throw new ProblemError({
        code: 'usage',
        what: `the host has no ${route}`,
        why: 'this route is not known',
        touched: 'no',
        next: 'sofare version',
      });
  }
}

function partsOf(path: string): readonly string[] {
  try {
    return path.split('/').map(decodeURIComponent);
  } catch {
    throw new ProblemError({
      code: 'usage',
      what: `${path} is no path`,
      why: 'it is not encoded as one',
      touched: 'no',
      next: 'sofare version',
    });
  }
}

async function body(request: IncomingMessage): Promise<unknown> {
  try {
    return JSON.parse(await text(request));
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw new ProblemError({
      code: 'usage',
      what: 'the request is not JSON',
      why: String(error),
      touched: 'no',
      next: 'sofare version',
    });
  }
}

async function text(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > largestBody)
      throw new ProblemError({
        code: 'usage',
        what: 'the request is too large',
        why: `at most ${largestBody} bytes are read`,
        touched: 'no',
        next: 'send fewer lines at once',
      });
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function send(response: ServerResponse, status: number, document: unknown): void {
  const text = JSON.stringify(document);
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}

function statusOf(error: unknown): number {
  if (!(error instanceof ProblemError)) return 500;
  switch (error.problem.code) {
    case 'service.unknown':
      return 404;
    case 'usage':
      return 400;
    case 'runtime.too-old':
      return 426;
    case 'target.unreachable':
      return 503;
    case 'bug':
      return 500;
    default:
      return 409;
  }
}

function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  const found = diskProblem('the state of the local host', error);
  if (found) return found;
  return {
    code: 'bug',
    what: 'the local host could not do this',
    why: error instanceof Error ? error.message : String(error),
    touched: 'unknown',
    next: 'sofare status',
  };
}

function otherProtocol(): Problem {
  return {
    code: 'runtime.too-old',
    what: 'the running host speaks another protocol',
    why: `it speaks version ${hostProtocol}`,
    touched: 'no',
    next: 'sofare down, then sofare up',
  };
}
