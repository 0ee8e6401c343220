import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { test } from 'node:test';
import { send } from './fixtures/send.ts';
import { TestHost, until } from './fixtures/test-host.ts';

test('a client connection is kept, whatever the model says of its own', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0')]);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ports = new Set<number | null>();
  for (const path of ['/v2/models/m/infer', '/closing', '/error', '/v2/models/m/infer']) {
    const { from, headers } = await send(`${address}${path}`, { agent });
    assert.equal(headers['keep-alive'], 'timeout=65');
    ports.add(from);
  }
  agent.destroy();
  assert.equal(ports.size, 1);
  assert.equal((await send(`${address}/closing`, { headers: { connection: 'close' } })).headers.connection, 'close');
});

test('an answer streams through as it is made, in both directions', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0')]);
  const heard: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const sent = request(`${address}/stream`, { method: 'POST' }, (response) => {
      response.setEncoding('utf8').on('data', (part: string) => {
        heard.push(part);
        // The next part is sent only once the last one came back: a proxy that holds parts back would stand still here.
        if (part === 'first\n') sent.write('one\n');
        if (part === 'one\n') sent.end('two\n');
      });
      response.on('end', resolve);
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.flushHeaders();
  });
  assert.equal(heard.join(''), 'first\none\ntwo\nlast\n');
});

test('bodies of every size arrive byte for byte, of known and of unknown length', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0')]);
  for (const size of [0, 1, 65_535, 65_536, 65_537, 5_000_000]) {
    const body = randomBytes(size);
    const expected = { length: size, digest: createHash('sha256').update(body).digest('hex') };
    for (const headers of [{ 'content-length': String(size) }, { 'transfer-encoding': 'chunked' }]) {
      const came = await send(`${address}/digest`, { method: 'POST', body, headers: { ...headers, expect: '100-continue' } });
      assert.deepEqual(JSON.parse(came.body), expected);
    }
  }
});

test('each request has an id, the client chooses no version, and the model sees neither our nor the connection headers', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0'), host.version('2.0.0')]);
  const given = await send(`${address}/headers`, {
    headers: { 'x-request-id': 'mine', 'x-sofare-version': '2.0.0', 'x-sofare-instance': 'x', 'keep-alive': 'timeout=1' },
  });
  assert.equal(given.headers['x-request-id'], 'mine');
  assert.equal(given.headers['x-sofare-version'], '1.0.0');
  assert.equal(given.headers['x-sofare-instance'], (await host.hosted()).versions[0]?.copies[0]?.id);
  const seen = JSON.parse(given.body) as Record<string, string>;
  assert.equal(seen['x-request-id'], 'mine');
  assert.deepEqual(
    ['x-sofare-version', 'x-sofare-instance', 'keep-alive'].filter((name) => name in seen),
    [],
  );
  const made = await send(`${address}/headers`, { headers: { 'x-request-id': 'not\ta word' } });
  assert.match(String(made.headers['x-request-id']), /^[0-9a-f-]{36}$/);
  assert.equal((JSON.parse(made.body) as Record<string, string>)['x-request-id'], made.headers['x-request-id']);
  assert.notEqual((await send(`${address}/headers`)).headers['x-request-id'], made.headers['x-request-id']);
});

test('an error of the model is the answer, counted and never asked of another version', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0', {}, { copies: 2 }), host.version('2.0.0')]);
  await host.route({ '1.0.0': 50, '2.0.0': 50 });
  const answers = await Promise.all(Array.from({ length: 40 }, () => send(`${address}/error`)));
  assert.deepEqual(
    [...new Set(answers.map(({ status, body }) => `${status} ${body}`))],
    ['500 {"error":"the score is not finite"}'],
  );
  assert.equal(host.noted().filter((line) => line.endsWith('GET /error')).length, 40);
  const { arms } = await host.counters();
  assert.equal((arms['1.0.0']?.errors ?? 0) + (arms['2.0.0']?.errors ?? 0), 40);
  assert.equal((arms['1.0.0']?.unanswered ?? 0) + (arms['2.0.0']?.unanswered ?? 0), 0);
});

test('no answer, and an answer that breaks off, count as unanswered; an answer in halves is not passed for a whole one', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0')]);
  const reset = await send(`${address}/reset`, { method: 'POST', body: '{}' });
  assert.deepEqual([reset.status, reset.headers['x-sofare-origin'], reset.headers['x-sofare-version']], [502, 'proxy', '1.0.0']);
  const cut = await send(`${address}/cut`);
  assert.equal(cut.status, 200);
  assert.notEqual(cut.error, null);
  const { arms } = await host.counters();
  assert.deepEqual([arms['1.0.0']?.requests, arms['1.0.0']?.unanswered, arms['1.0.0']?.errors], [2, 2, 0]);
});

test('a client that goes away is counted apart and leaves nothing in flight', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0')]);
  for (const path of ['/hang', '/large']) {
    const before = (await host.counters()).arms['1.0.0']?.aborted ?? 0;
    const sent = request(`${address}${path}`, { agent: false, method: 'POST' });
    sent.on('error', () => {});
    sent.end('{}');
    await until('the model has it', () => (host.noted().some((line) => line.endsWith(`POST ${path}`)) ? true : undefined));
    // Counted as given from its beginning: by what has ended a slow version would seem to get too little.
    assert.equal((await host.counters()).arms['1.0.0']?.sent, before + 1);
    sent.destroy();
    await until('it is counted', async () => ((await host.counters()).arms['1.0.0']?.aborted === before + 1 ? true : undefined));
  }
  const upload = request(`${address}/digest`, { agent: false, method: 'POST', headers: { 'content-length': '1000000' } });
  upload.on('error', () => {});
  upload.write(Buffer.alloc(100_000));
  await until('the model has it', () => (host.noted().some((line) => line.endsWith('POST /digest')) ? true : undefined));
  upload.destroy();
  await until('it is counted', async () => ((await host.counters()).arms['1.0.0']?.aborted === 3 ? true : undefined));
  const { arms } = await host.counters();
  assert.deepEqual([arms['1.0.0']?.requests, arms['1.0.0']?.errors, arms['1.0.0']?.unanswered], [0, 0, 0]);
  assert.equal((await host.hosted()).versions[0]?.copies[0]?.inFlight, 0);
});

test('a slow reader holds the model back, not the host, and gets all of it', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0')]);
  const length = await new Promise<number>((resolve, reject) => {
    const sent = request(`${address}/large`, { agent: false }, async (response) => {
      let read = 0;
      response.on('data', (part: Buffer) => {
        read += part.length;
      });
      response.pause();
      // The model says that it waits: nobody on the way took the whole answer in.
      await until('the model waits', () => (host.noted().some((line) => line.includes('waits with')) ? true : undefined));
      response.resume();
      response.on('end', () => resolve(read));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end();
  });
  assert.equal(length, 64 << 18);
  assert.equal((await host.counters()).arms['1.0.0']?.requests, 1);
});

test('a WebSocket passes through; an upgrade to anything else is answered as it is', async () => {
  await using host = await TestHost.start();
  const address = new URL(await host.full([host.version('1.0.0')]));
  const echo = await new Promise<string>((resolve, reject) => {
    const socket = connect(Number(address.port), address.hostname, () =>
      socket.write('GET /chat HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n'),
    );
    let heard = '';
    socket.setEncoding('utf8').on('data', (part: string) => {
      heard += part;
      if (heard.endsWith('\r\n\r\n')) socket.write('over the bridge');
      if (heard.endsWith('over the bridge')) resolve(heard);
      if (heard.endsWith('over the bridge')) socket.destroy();
    });
    socket.on('error', reject);
  });
  assert.match(echo, /^HTTP\/1\.1 101 /);
  await until('nothing is in flight', async () =>
    (await host.hosted()).versions[0]?.copies[0]?.inFlight === 0 ? true : undefined,
  );
  assert.equal(
    (await send(`${address.href}v2/models/m/infer`, { headers: { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c' } }))
      .status,
    200,
  );
});

test('a client that sends garbage or resets in the middle harms nobody', async () => {
  await using host = await TestHost.start();
  const address = new URL(await host.full([host.version('1.0.0')]));
  for (const bytes of [
    '\u0000\u0001\u0002\r\n\r\n',
    'GET / HTTP/1.1\r\n\r\n',
    'POST /digest HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc',
    'GET /chat HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n',
    'POST /digest HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n',
  ]) {
    await new Promise<void>((resolve) => {
      const socket = connect(Number(address.port), address.hostname, () => socket.write(bytes, () => socket.resetAndDestroy()));
      socket.on('error', () => {});
      socket.on('close', () => resolve());
    });
  }
  assert.equal((await send(`${address.href}v2/models/m/infer`)).status, 200);
  assert.equal((await host.client.hello(AbortSignal.timeout(10_000))).epoch, 1);
});
