import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttp2 } from 'node:http2';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { test } from 'node:test';
import { commandHealth } from '../../src/adapters/health/command.ts';
import { grpcHealth } from '../../src/adapters/health/grpc.ts';
import { tcpHealth } from '../../src/adapters/health/tcp.ts';

const signal = new AbortController().signal;

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a copy is healthy by TCP while it takes connections', async () => {
  const server = createServer((socket) => socket.destroy());
  const address = await listening(server);
  assert.equal(await tcpHealth(address, 2_000, signal), null);
  await new Promise((done) => server.close(done));
  assert.equal(await tcpHealth(address, 2_000, signal), 'ECONNREFUSED');
});

test('a copy is healthy by gRPC when its health service says SERVING', async () => {
  const asked: (string | null)[] = [];
  let answer: { readonly body: number[]; readonly status: string } = { body: [], status: '0' };
  const server = createHttp2();
  server.on('stream', async (stream, headers) => {
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part as Buffer);
    const message = Buffer.concat(parts).subarray(5);
    asked.push(headers[':path'] === '/grpc.health.v1.Health/Check' ? message.subarray(2).toString() : null);
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': answer.status }));
    stream.end(Buffer.from([0, 0, 0, 0, answer.body.length, ...answer.body]));
  });
  const address = await listening(server as unknown as Server);
  const cases: readonly (readonly [number[], string, string | null])[] = [
    [[0x08, 1], '0', null],
    [[0x08, 2], '0', 'it is NOT_SERVING'],
    [[], '0', 'it is UNKNOWN'],
    [[], '5', 'gRPC status 5'],
  ];
  for (const [body, status, expected] of cases) {
    answer = { body, status };
    assert.equal(await grpcHealth(address, 'fraud.Scorer', 5_000, signal), expected);
  }
  assert.deepEqual(new Set(asked), new Set(['fraud.Scorer']));
  await new Promise<void>((done) => server.close(() => done()));
  assert.equal(await grpcHealth(address, '', 5_000, signal), 'ECONNREFUSED');
});

test('what speaks no HTTP/2 is no healthy gRPC server, and one that is silent is given up', async () => {
  const other = createServer((socket) =>
    socket
      .on('error', () => {})
      .resume()
      .end('HTTP/1.1 200 OK\r\n\r\n'),
  );
  assert.notEqual(await grpcHealth(await listening(other), '', 5_000, signal), null);
  const sockets: { destroy(): void }[] = [];
  const silent = createServer((socket) => void sockets.push(socket.on('error', () => {})));
  assert.equal(await grpcHealth(await listening(silent), '', 100, signal), 'no answer within 100 ms');
  for (const socket of sockets) socket.destroy();
  await Promise.all([other, silent].map((server) => new Promise((done) => server.close(done))));
});

test('a command is told the address of the copy; 0 is healthy', async () => {
  const run = (...words: string[]) => commandHealth(words, 'http://127.0.0.1:4711', 3_000, signal);
  assert.equal(await run('sh', '-c', 'test "$SOFARE_ADDRESS" = http://127.0.0.1:4711'), null);
  assert.equal(await run('sh', '-c', 'exit 4'), 'the command ended with 4');
  assert.equal(await commandHealth(['sleep', '60'], '', 100, signal), 'the command did not end within 100 ms');
  assert.match((await run('/nowhere')) ?? '', /ENOENT/);
});
