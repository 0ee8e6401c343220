import { once } from 'node:events';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClusterClient, clusterClient } from '../../../src/adapters/kit/kubernetes/cluster-client.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Answering = (asked: Asked, response: ServerResponse) => void;

/** Answers what a real API server cannot be made to answer when a test wants it. */
export async function standingInApiServer(
  answering: Answering,
): Promise<{ client: ClusterClient; asked: Asked[] } & AsyncDisposable> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    const one = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
    asked.push(one);
    answering(one, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const kubeconfig = join(mkdtempSync(join(tmpdir(), 'sofare-kubeconfig-')), 'config');
  writeFileSync(kubeconfig, kubeconfigOf(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  const client = clusterClient({ context: null, namespace: 'serving', kubeconfig }, systemClock);
  return {
    client,
    asked,
    [Symbol.asyncDispose]: async () => {
      client.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

export function answer(response: ServerResponse, status: number, document: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(document));
}

export function statusDocument(code: number, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, ...more };
}

function kubeconfigOf(server: string): string {
  return JSON.stringify({
    'apiVersion': 'v1',
    'kind': 'Config',
    'current-context': 'test',
    'clusters': [{ name: 'test', cluster: { server, 'insecure-skip-tls-verify': true } }],
    'users': [{ name: 'test', user: { token: 'to-ken' } }],
    'contexts': [{ name: 'test', context: { cluster: 'test', user: 'test', namespace: 'other' } }],
  });
}
