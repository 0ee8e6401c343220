import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import type { Entry } from '../../examples/flights/replay/replay.mjs';
import { answer, listen, load, patience, rows } from './load-process.ts';

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
  for (const one of of(0))
    assert.deepEqual(
      [one.status, one.version, one.instance, one.origin, one.error, one.answer],
      [200, '1.2.0', 'copy-1', null, null, 'late'],
    );
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
  const server = createServer((socket) => {
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
  const { end } = await load(t, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, '--limit', '40', '--rate', '100')
    .result;
  assert.deepEqual([end.requests, asked], [40, 40]);
  assert.ok(end.lost > 0 && end.lost <= 20, `${end.lost} lost`);
});

test('a server that never answers does not hold the end up', patience, async (t) => {
  const url = await listen(t, () => {});
  const { code, entries, end } = await load(t, url, '--limit', '5', '--within', '200').result;
  assert.equal(code, 0);
  assert.equal(end.lost, 5);
  assert.ok(entries.every(({ error, status }) => status === null && error === 'no answer within 200 ms'));
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
  assert.deepEqual(
    entries.map(({ row }) => row).sort((one, two) => one - two),
    Array.from({ length: 10 }, (_, index) => rows.findIndex(({ flight }) => flight.hour >= 12) + index),
  );
});
