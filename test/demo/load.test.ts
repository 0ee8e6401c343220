import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import type { Entry } from '../../examples/flights/replay/replay.mjs';
import { gapsOf } from '../../examples/flights/replay/pace.mjs';
import { readRows } from '../../examples/flights/rows.mjs';

const example = join(import.meta.dirname, '..', '..', 'examples', 'flights');
const sample = join(example, 'sample.ndjson');
const rows = readRows(sample);
const patience = { timeout: 120_000 };

interface End {
  readonly end: true;
  readonly requests: number;
  readonly failed: number;
  readonly lost: number;
  readonly labelled: number;
}

async function listen(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function answer(response: ServerResponse, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json', 'x-sofare-version': '1.2.0', 'x-sofare-instance': 'copy-1' });
  response.end(JSON.stringify(status === 200 ? { outputs: [{ data: ['late'] }] } : { error: 'the score is not finite' }));
}

/** The load generator as a process of its own, and what it leaves when it ends. */
function load(t: TestContext, url: string, ...args: readonly string[]): { readonly child: ChildProcess; readonly result: Promise<{ code: number | null; entries: Entry[]; end: End; labels: string }> } {
  const folder = mkdtempSync(join(tmpdir(), 'sofare-load-'));
  const ledger = join(folder, 'ledger.ndjson');
  const child = spawn(process.execPath, [join(example, 'load.mjs'), '--url', url, '--rows', sample, '--ledger', ledger, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  t.after(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });
  const result = Promise.all([once(child, 'exit'), text(child.stdout)]).then(([[code], labels]) => {
    const lines = readFileSync(ledger, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line) as Entry | End);
    return { code: code as number | null, entries: lines.slice(0, -1) as Entry[], end: lines.at(-1) as End, labels };
  });
  return { child, result };
}

test('the ledger says of every request what became of it, and no request is ever sent twice', patience, async (t) => {
  const seen: string[] = [];
  const url = await listen(t, async (request, response) => {
    const place = seen.push(String(request.headers['x-request-id'])) - 1;
    await text(request);
    if (place % 5 === 1) return answer(response, 500);
    if (place % 5 === 2) return void request.socket.destroy();
    if (place % 5 === 3) {
      response.writeHead(200, { 'content-length': 1_000, 'x-sofare-instance': 'copy-1' });
      return void response.write('{"outputs":', () => request.socket.destroy());
    }
    if (place % 5 === 4) return void response.writeHead(502, { 'x-sofare-origin': 'proxy' }).end('{}');
    answer(response);
  });
  const { code, entries, end } = await load(t, url, '--rate', '200', '--limit', '100', '--from-hour', '9').result;
  assert.equal(code, 0);
  assert.equal(new Set(seen).size, 100);
  assert.deepEqual(entries.map(({ id }) => id).sort(), [...seen].sort());
  const of = (place: number): Entry[] => entries.filter(({ id }) => seen.indexOf(id) % 5 === place);
  for (const one of of(0)) assert.deepEqual([one.status, one.version, one.instance, one.origin, one.error, one.answer], [200, '1.2.0', 'copy-1', null, null, 'late']);
  for (const one of of(1)) assert.deepEqual([one.status, one.error, one.answer], [500, null, null]);
  for (const one of [...of(2), ...of(3)]) assert.ok(one.status === null && one.error !== null);
  for (const one of of(4)) assert.deepEqual([one.status, one.origin], [502, 'proxy']);
  for (const { sent, done } of entries) assert.ok(done >= sent && Math.abs(sent - Date.now()) < 600_000);
  assert.deepEqual([end.end, end.requests, end.failed, end.lost], [true, 100, 20, 60]);
});

test('a server that is not there loses every request', patience, async (t) => {
  const { end, entries } = await load(t, 'http://127.0.0.1:1', '--limit', '5').result;
  assert.equal(end.lost, 5);
  assert.match(entries[0]?.error ?? '', /ECONNREFUSED/);
});

test('a request on a kept connection that turns out to be closed is lost, not sent again', patience, async (t) => {
  let asked = 0;
  const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}';
  const server = createTcpServer((socket) => {
    let here = 0;
    socket.on('error', () => {});
    socket.on('data', (part) => {
      if (!part.includes('POST ')) return;
      asked += 1;
      here += 1;
      if (here === 1) socket.write(ok);
      else socket.resetAndDestroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  const { end } = await load(t, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, '--limit', '40', '--rate', '100').result;
  assert.deepEqual([end.requests, asked], [40, 40]);
  assert.ok(end.lost > 0 && end.lost <= 20, `${end.lost} lost`);
});

test('requests are sent at their times whether or not the earlier ones were answered', patience, async (t) => {
  const waiting: ServerResponse[] = [];
  const url = await listen(t, (_request, response) => {
    // A generator that waits for answers would never get here.
    if (waiting.push(response) === 60) for (const one of waiting) answer(one);
  });
  const { entries, end } = await load(t, url, '--rate', '200', '--limit', '60', '--within', '60000').result;
  assert.deepEqual([end.requests, end.lost], [60, 0]);
  assert.ok(Math.max(...entries.map(({ sent }) => sent)) <= Math.min(...entries.map(({ done }) => done)));
});

test('the rate is held: no more than asked for, and no less in the busiest hour', patience, async (t) => {
  const url = await listen(t, (_request, response) => answer(response));
  // From seven o'clock on the flights of the sample leave at nearly the rate of the busiest hour.
  const { entries } = await load(t, url, '--rate', '100', '--limit', '200', '--from-hour', '7').result;
  const sent = entries.map((entry) => entry.sent).sort((one, other) => one - other);
  const took = sent.at(-1)! - sent[0]!;
  const planned = gapsOf(rows.filter(({ flight }) => flight.hour >= 7), 100).slice(0, 199).reduce((sum, gap) => sum + gap, 0);
  assert.ok(took >= planned * 0.75, `${took} ms for what takes ${planned} ms`);
  assert.ok(planned < 2_500);
});

for (const [how, args, stop] of [
  ['SIGTERM', [], (child: ChildProcess) => child.kill('SIGTERM')],
  ['the end of standard input', ['--stop-with-stdin'], (child: ChildProcess) => child.stdin?.end()],
] as const) {
  test(`stopped by ${how} it sends no more and waits for what is in flight`, patience, async (t) => {
    const waiting: ServerResponse[] = [];
    const held = Promise.withResolvers<void>();
    const url = await listen(t, (_request, response) => {
      if (waiting.push(response) === 5) held.resolve();
    });
    const { child, result } = load(t, url, '--rate', '50', '--within', '60000', ...args);
    await held.promise;
    const stopping = once(createInterface({ input: child.stderr! }), 'line');
    stop(child);
    const [line] = await stopping;
    const flying = Number(/(\d+) in flight/.exec(line)?.[1]);
    await until(() => waiting.length === flying);
    for (const response of waiting) answer(response);
    const { code, entries, end } = await result;
    assert.equal(code, 0);
    assert.equal(entries.length, flying);
    assert.ok(flying >= 5 && entries.every(({ status }) => status === 200));
    assert.deepEqual([end.end, end.requests, end.lost], [true, flying, 0]);
  });
}

test('a server that never answers does not hold the end up', patience, async (t) => {
  const url = await listen(t, () => {});
  const { code, entries, end } = await load(t, url, '--limit', '5', '--within', '200').result;
  assert.equal(code, 0);
  assert.equal(end.lost, 5);
  assert.ok(entries.every(({ error, status }) => status === null && error === 'no answer within 200 ms'));
});

test('labels come later, one for each answered request, and say what is true of its row', patience, async (t) => {
  let place = 0;
  const url = await listen(t, (_request, response) => answer(response, place++ % 4 === 3 ? 500 : 200));
  const { entries, end, labels } = await load(t, url, '--limit', '40', '--rate', '200', '--from-hour', '18', '--labels-after', '300').result;
  const told = labels.trimEnd().split('\n').map((line) => JSON.parse(line) as { id: string; label: string; at: number });
  const answered = new Map(entries.filter(({ status }) => status === 200).map((entry) => [entry.id, entry]));
  assert.equal(end.labelled, 30);
  assert.deepEqual(told.map(({ id }) => id).sort(), [...answered.keys()].sort());
  for (const { id, label, at } of told) {
    const entry = answered.get(id)!;
    assert.equal(label, rows[entry.row]?.label);
    assert.ok(at >= entry.done + 290, `${at - entry.done}`);
  }
  assert.ok(told.some(({ label }) => label === 'late') && told.some(({ label }) => label === 'on time'));
});

test('a reader of labels that goes away does not stop the requests', patience, async (t) => {
  const first = Promise.withResolvers<void>();
  const url = await listen(t, (_request, response) => {
    answer(response);
    first.resolve();
  });
  const { child, result } = load(t, url, '--limit', '60', '--rate', '200', '--labels-after', '1');
  await first.promise;
  child.stdout?.destroy();
  // Reading what the child told fails here, as it should: this side has gone away.
  const [[code]] = await Promise.all([once(child, 'exit'), assert.rejects(result)]);
  assert.equal(code, 0);
});

test('the seed fixes ids and rows', patience, async (t) => {
  const url = await listen(t, (_request, response) => answer(response));
  const order = async (...args: readonly string[]): Promise<string[]> => {
    const { entries } = await load(t, url, '--limit', '20', '--rate', '200', ...args).result;
    return entries.map(({ id, row }) => `${row} ${id}`).sort();
  };
  const [one, again, other] = [await order('--seed', '7'), await order('--seed', '7'), await order('--seed', '8')];
  assert.deepEqual(one, again);
  assert.equal(one.filter((line) => other.includes(line)).length, 0);
});

test('what a row asks is what the sample says of it', patience, async (t) => {
  const bodies = new Map<string, Promise<string>>();
  const url = await listen(t, (request: IncomingMessage, response) => {
    bodies.set(String(request.headers['x-request-id']), text(request));
    request.on('end', () => answer(response));
  });
  const { entries } = await load(t, url, '--limit', '10', '--rate', '200', '--from-hour', '12').result;
  for (const { id, row } of entries) {
    const [route, flight] = JSON.parse((await bodies.get(id)) ?? '').inputs;
    const { origin, destination, hour } = rows[row]!.flight;
    assert.deepEqual([route.data, flight.data[0]], [[origin, destination], hour]);
  }
  assert.deepEqual(entries.map(({ row }) => row).sort((one, two) => one - two), Array.from({ length: 10 }, (_, index) => rows.findIndex(({ flight }) => flight.hour >= 12) + index));
});

test('a day is paced by its own volume, the busiest hour at the rate and no hour at less than a fifth of it', () => {
  const hour = (at: number, flights: number): { flight: { hour: number } }[] => Array.from({ length: flights }, () => ({ flight: { hour: at } }));
  const gaps = gapsOf([...hour(3, 1), ...hour(8, 100), ...hour(9, 50)], 200);
  assert.deepEqual([gaps[0], gaps[1], gaps[150]], [25, 5, 10]);
});

for (const [what, args] of [
  ['a rate over 200', ['--rate', '201']],
  ['an unknown option', ['--retry', '3']],
  ['an address that is none', ['--url', 'nowhere']],
  ['a limit that is no number', ['--limit', 'many']],
] as const) {
  test(`${what} is refused with the usage, and nothing is sent`, patience, async (t) => {
    let requests = 0;
    const url = await listen(t, (_request, response) => {
      requests += 1;
      answer(response);
    });
    const child = spawn(process.execPath, [join(example, 'load.mjs'), '--url', url, '--rows', sample, '--ledger', '/dev/null', ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    const [[code], message] = await Promise.all([once(child, 'exit'), text(child.stderr)]);
    assert.equal(code, 2);
    assert.match(message, /--/);
    assert.equal(requests, 0);
  });
}

/** Resolves when something that other events bring about is so. */
async function until(so: () => boolean): Promise<void> {
  while (!so()) await new Promise((resolve) => setImmediate(resolve));
}
