import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import type { Entry } from '../../examples/flights/replay/replay.mjs';
import { readRows } from '../../examples/flights/rows.mjs';

const example = join(import.meta.dirname, '..', '..', 'examples', 'flights');
export const program = join(example, 'load.mjs');
export const sample = join(example, 'sample.ndjson');
export const rows = readRows(sample);
/** Only a failure takes as long. */
export const patience = { timeout: 120_000 };

export interface End {
  readonly end: true;
  readonly requests: number;
  readonly failed: number;
  readonly lost: number;
  readonly labelled: number;
}

/** A server that answers as the test says, until the test ends. */
export async function listen(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What a model behind the proxy answers. */
export function answer(response: ServerResponse, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-sofare-version': '1.2.0', 'x-sofare-instance': 'copy-1' });
  response.end(JSON.stringify(status === 200 ? { outputs: [{ data: ['late'] }] } : { error: 'the score is not finite' }));
}

export interface Loaded {
  readonly code: number | null;
  readonly entries: Entry[];
  readonly end: End;
  readonly labels: string;
}

export interface Loading {
  readonly child: ChildProcess;
  readonly result: Promise<Loaded>;
}

/** The load generator as a process of its own, and what it leaves when it ends. */
export function load(t: TestContext, url: string, ...args: readonly string[]): Loading {
  const folder = mkdtempSync(join(tmpdir(), 'sofare-load-'));
  const ledger = join(folder, 'ledger.ndjson');
  const child = spawn(process.execPath, [program, '--url', url, '--rows', sample, '--ledger', ledger, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  t.after(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });
  const result = Promise.all([once(child, 'exit'), text(child.stdout)]).then(([[code], labels]) => {
    const lines = readFileSync(ledger, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Entry | End);
    return { code: code as number | null, entries: lines.slice(0, -1) as Entry[], end: lines.at(-1) as End, labels };
  });
  return { child, result };
}
