import { Agent as PlainAgent, type IncomingMessage, request as plain } from 'node:http';
import { Agent, request as secure, type RequestOptions } from 'node:https';
import { KubeConfig } from '@kubernetes/client-node/dist/config.js';
import { fail, type Problem, ProblemError } from '../../../model/errors.ts';
import { certificateProblem } from '../certificate-problem.ts';

/** Which cluster and namespace, in the words of a kubeconfig. */
export interface ClusterPlace {
  /** Null: the current one, or inside of a cluster that cluster. */
  readonly context: string | null;
  /** Null: the one of the context. */
  readonly namespace: string | null;
  /** Left out: $KUBECONFIG, or the file of the user. */
  readonly kubeconfig?: string;
}

export interface ClusterRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With its query. */
  readonly path: string;
  readonly contentType?: string;
  readonly body?: string;
}

export interface ClusterAnswer {
  readonly status: number;
  readonly body: string;
  /** How long the server wants to be left alone, in ms, where it says so. */
  readonly retryAfter: number | null;
}

/** Requests to one API server under the identity that the kubeconfig gives: certificates, tokens, exec plug-ins, service accounts. */
export interface ClusterConnection {
  readonly namespace: string;
  send(request: ClusterRequest, within: number, signal: AbortSignal): Promise<ClusterAnswer>;
  /** The answer as it comes: for watches, which do not end by themselves. */
  stream(path: string, signal: AbortSignal): Promise<IncomingMessage>;
  close(): void;
}

export function connectCluster(place: ClusterPlace): ClusterConnection {
  const config = loaded(place);
  const server = new URL(config.getCurrentCluster()?.server ?? fail(unknownContext(place.context ?? config.getCurrentContext())));
  const through = config.getCurrentCluster()?.proxyUrl !== undefined;
  const agent = server.protocol === 'http:' ? new PlainAgent({ keepAlive: true }) : new Agent({ keepAlive: true });
  const open = async (request: ClusterRequest, signal: AbortSignal): Promise<IncomingMessage> => {
    const options: RequestOptions = {};
    try {
      await config.applyToHTTPSOptions(options);
    } catch (error) {
      throw new ProblemError(noCredentials(error as Error), { cause: error });
    }
    return new Promise((resolve, reject) => {
      const { method, path, contentType, body } = request;
      const sent = (server.protocol === 'http:' ? plain : secure)({
        ...options,
        // The library's agents keep no connection open; a proxy needs its own.
        ...(through ? {} : { agent }),
        protocol: server.protocol,
        hostname: server.hostname.replace(/^\[|\]$/g, ''),
        port: server.port,
        path: `${server.pathname.replace(/\/$/, '')}${path}`,
        method,
        signal,
        headers: {
          ...(options.headers as Record<string, string> | undefined),
          'accept': 'application/json',
          'user-agent': 'sofare',
          ...(body === undefined
            ? {}
            : { 'content-type': contentType ?? 'application/json', 'content-length': Buffer.byteLength(body) }),
        },
      });
      sent.on('response', resolve);
      sent.on('error', reject);
      sent.end(body);
    });
  };
  return {
    namespace: place.namespace ?? config.getContextObject(config.getCurrentContext())?.namespace ?? 'default',
    send: async (request, within, signal) => {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(within)]);
      const once = async (): Promise<ClusterAnswer> => {
        const answer = await open(request, limit);
        return { status: answer.statusCode ?? 0, body: await text(answer), retryAfter: retryAfter(answer) };
      };
      try {
        return await once().catch((error: NodeJS.ErrnoException) => {
          // A connection that was kept open may have been closed by the server meanwhile: reading again is free.
          if (request.method === 'GET' && error.code === 'ECONNRESET') return once();
          throw error;
        });
      } catch (error) {
        signal.throwIfAborted();
        throw error instanceof ProblemError
          ? error
          : new ProblemError(broken(error as Error, request, server.host), { cause: error });
      }
    },
    stream: (path, signal) => open({ method: 'GET', path }, signal),
    close: () => agent.destroy(),
  };
}

function loaded({ context, kubeconfig }: ClusterPlace): KubeConfig {
  const config = new KubeConfig();
  try {
    if (kubeconfig === undefined) config.loadFromDefault();
    else config.loadFromFile(kubeconfig);
    if (context !== null) config.setCurrentContext(context);
  } catch (error) {
    return fail({
      code: 'config.invalid',
      what: 'the kubeconfig cannot be read',
      why: (error as Error).message,
      touched: 'no',
      next: 'kubectl config view',
    });
  }
  // What the library makes up where it finds none.
  if (config.getCurrentCluster()?.server === 'http://localhost:8080') return fail(unknownContext(context));
  return config;
}

function unknownContext(context: string | null | undefined): Problem {
  return {
    code: 'config.missing',
    what: context ? `the kubeconfig has no context ${context}` : 'no cluster is known here',
    why: 'clusters are found by $KUBECONFIG, by the kubeconfig of the user, or inside of a cluster by its service account',
    touched: 'no',
    next: 'kubectl config get-contexts',
  };
}

function noCredentials(error: Error): Problem {
  return {
    code: 'target.denied',
    what: 'the credentials for the cluster cannot be had',
    why: error.message,
    touched: 'no',
    next: 'log in to the cluster again, then repeat the command',
  };
}

async function text(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of answer) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function retryAfter({ headers }: IncomingMessage): number | null {
  const seconds = Number(headers['retry-after']);
  return headers['retry-after'] !== undefined && Number.isFinite(seconds) ? seconds * 1000 : null;
}

const neverSent: readonly string[] = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'];

function broken(error: NodeJS.ErrnoException, { method }: ClusterRequest, host: string): Problem {
  const certificate = certificateProblem(error.code ?? '');
  const why = certificate ?? (error.name === 'AbortError' ? 'no answer in time' : error.message);
  if (method === 'GET' || certificate !== null || neverSent.includes(error.code ?? ''))
    return {
      code: 'target.unreachable',
      what: `no API server answers at ${host}`,
      why,
      touched: 'no',
      next: 'kubectl cluster-info',
    };
  return {
    code: 'outcome.unknown',
    what: `the answer of the API server at ${host} was lost`,
    why,
    touched: 'unknown',
    next: 'sofare status',
  };
}
