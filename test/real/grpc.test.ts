import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { grpcHealth } from '../../src/adapters/health/grpc.ts';

const program = join(import.meta.dirname, '..', 'fixtures', 'grpc-health-server.py');
const signal = new AbortController().signal;

async function started(): Promise<{ readonly server: ChildProcess; readonly address: string }> {
  const server = spawn('/usr/bin/python3', [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = await once(server.stdout as NodeJS.ReadableStream, 'data');
  return { server, address: `http://127.0.0.1:${String(port).trim()}` };
}

test('a real gRPC server is healthy by what it says of a service, and by nothing else', async () => {
  const { server, address } = await started();
  const ask = (service: string, within = 30_000): Promise<string | null> => grpcHealth(address, service, within, signal);
  try {
    assert.equal(await ask(''), null, 'of the whole server');
    assert.equal(await ask('fraud.Scorer'), null);
    assert.equal(await ask('n'.repeat(200)), null, 'a name whose length takes two bytes');
    assert.equal(await ask('draining'), 'it is NOT_SERVING');
    assert.equal(await ask('starting'), 'it is UNKNOWN');
    assert.equal(await ask('nobody'), 'gRPC status 5');
    assert.match((await ask('slow', 500)) ?? '', /^(no answer within 500 ms|gRPC status 4)$/);
    assert.equal(await ask(''), null, 'who was given up is asked again');
  } finally {
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  }
  assert.equal(await ask(''), 'ECONNREFUSED');
});
