import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { Api, type Manifest } from './api.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import type { Fault, WatchFault } from './faults.ts';
import { FaultyProxy } from './faulty-proxy.ts';

let plane: ControlPlane;
let proxy: FaultyProxy;
/** The client under the faults. */
let api: Api;
/** Of the namespace of this file. */
let path: string;

before(async () => {
  plane = await startControlPlane({ pods: false, customResources: [] });
  proxy = new FaultyProxy(plane.admin.access, plane.serving);
  api = new Api(await proxy.start());
  path = `/api/v1/namespaces/${await plane.namespace()}/configmaps`;
});

afterEach(() => proxy?.heal());

after(async () => {
  api?.close();
  await proxy?.[Symbol.asyncDispose]();
  await plane?.[Symbol.asyncDispose]();
});

const map = (name: string, data: Readonly<Record<string, string>> = {}): Manifest => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
});

/** Asked past the proxy. */
async function there(name: string): Promise<boolean> {
  return (await plane.admin.send('GET', `${path}/${name}`)).status === 200;
}

test('without a rule everything passes, errors of the real API server too', async () => {
  assert.equal((await api.send('POST', path, map('plain'))).status, 201);
  assert.equal((await api.send('POST', path, map('plain'))).body.reason, 'AlreadyExists');
  assert.ok(await there('plain'));
});

for (const [status, reason] of [
  [403, 'Forbidden'],
  [404, 'NotFound'],
  [409, 'Conflict'],
  [410, 'Expired'],
  [422, 'Invalid'],
  [429, 'TooManyRequests'],
  [500, 'InternalError'],
  [503, 'ServiceUnavailable'],
] as const)
  test(`${status} is answered as an API server answers it, and nothing was done`, async () => {
    const failing = proxy.fail({ method: 'POST', path: /configmaps/, fault: { status, message: 'denied by a webhook' } });
    const { status: answered, body } = await api.send('POST', path, map(`refused-${status}`));
    assert.deepEqual([answered, body.kind, body.reason, body.code], [status, 'Status', reason, status]);
    assert.match(body.message, /denied by a webhook/);
    assert.equal(await there(`refused-${status}`), false);
    assert.equal(failing.times, 1);
  });

test('429 and 503 say when to come back, in the header and in the body', async () => {
  for (const status of [429, 503] as const) {
    proxy.fail({ path: /configmaps/, fault: { status, retryAfter: 2 } });
    const { headers, body } = await api.send('GET', path);
    assert.deepEqual([headers['retry-after'], body.details.retryAfterSeconds], ['2', 2]);
    proxy.heal();
  }
});

test('a fault befalls only the method, the path, the nth request and as many as it says', async () => {
  const failing = proxy.fail({ method: 'GET', path: /configmaps\/chosen$/, nth: 2, times: 2, fault: { status: 500 } });
  await api.send('POST', path, map('chosen'));
  const statuses: number[] = [];
  for (let asked = 0; asked < 4; asked += 1) {
    statuses.push((await api.send('GET', `${path}/chosen`)).status);
    assert.equal((await api.send('GET', `${path}/other`)).status, 404);
  }
  assert.deepEqual(statuses, [200, 500, 500, 200]);
  assert.equal(failing.times, 2);
});

for (const [fault, done] of [
  ['reset before the effect', false],
  ['reset after the effect', true],
  ['reset in the body', true],
] as const satisfies readonly (readonly [Fault, boolean])[])
  test(`${fault}: the client loses its connection, and the object is ${done ? 'there' : 'not there'}`, async () => {
    const name = fault.replaceAll(' ', '-');
    const failing = proxy.fail({ method: 'POST', path: /configmaps/, fault });
    await assert.rejects(api.send('POST', path, map(name, { much: 'x'.repeat(100_000) })), { code: 'ECONNRESET' });
    await failing.happened;
    assert.equal(await there(name), done);
  });

for (const [fault, done] of [
  ['times out before the effect', false],
  ['times out after the effect', true],
] as const)
  test(`${fault}: no answer comes, and the object is ${done ? 'there' : 'not there'}`, async () => {
    const name = fault.replaceAll(' ', '-');
    const failing = proxy.fail({ method: 'POST', path: /configmaps/, fault });
    let answered = false;
    const sent = api.send('POST', path, map(name)).then(
      () => {
        answered = true;
      },
      () => {},
    );
    await failing.happened;
    assert.equal(await there(name), done);
    // Another request on a connection of the same proxy has its whole round trip in the meantime.
    await api.send('GET', path);
    assert.equal(answered, false);
    proxy.closeConnections();
    await sent;
  });

test('what another writer does in the moment before makes the write a real conflict', async () => {
  const { metadata } = await api.must('POST', path, map('shared'));
  const first = () => plane.admin.must('PUT', `${path}/shared`, map('shared', { by: 'another' }));
  proxy.fail({ method: 'PUT', path: /shared/, fault: { first } });
  const { resourceVersion } = metadata;
  const stale = { ...map('shared', { by: 'us' }), metadata: { name: 'shared', resourceVersion } };
  assert.equal((await api.send('PUT', `${path}/shared`, stale)).status, 409);
  assert.equal((await api.must('GET', `${path}/shared`)).data.by, 'another');
});

/** Names of the events of a watch through the fault, up to one called `last` or the end of the watch. */
async function seen(fault: WatchFault, made: readonly string[], last: string): Promise<readonly string[]> {
  const names: string[] = [];
  const failing = proxy.fail({ path: /watch=true/, fault });
  const prefix = `${fault.watch}-`;
  const from = (await plane.admin.must('GET', path)).metadata['resourceVersion'];
  const watching = api.once(`${path}?resourceVersion=${from}`, ({ metadata, code }, type) => {
    names.push(type === 'ERROR' ? String(code) : metadata.name.replace(prefix, ''));
    return metadata.name === `${prefix}${last}`;
  });
  for (const name of made) await plane.admin.must('POST', path, map(`${prefix}${name}`));
  await watching.catch((error) => names.push(error.code));
  assert.equal(failing.times, 1);
  return names;
}

test('an event of a watch is dropped, and those after it come', async () => {
  assert.deepEqual(await seen({ watch: 'drop', event: /drop-b/ }, ['a', 'b', 'c'], 'c'), ['a', 'c']);
});

test('an event of a watch comes twice', async () => {
  assert.deepEqual(await seen({ watch: 'duplicate', event: /duplicate-b/ }, ['a', 'b', 'c'], 'c'), ['a', 'b', 'b', 'c']);
});

test('a watch is cut at an event', async () => {
  assert.deepEqual(await seen({ watch: 'reset', event: /reset-b/ }, ['a', 'b', 'c'], 'c'), ['a', 'ECONNRESET']);
});

test('a watch ends with 410 instead of an event', async () => {
  assert.deepEqual(await seen({ watch: 'expire', event: /expire-b/ }, ['a', 'b', 'c'], 'c'), ['a', '410']);
});

test('a watch is stale until it is let go on, and then nothing is missing', async () => {
  const { promise: until, resolve: letGo } = Promise.withResolvers<void>();
  const names: string[] = [];
  const failing = proxy.fail({ path: /watch=true/, fault: { watch: 'hold', event: /hold-b/, until } });
  const watching = api.once(path, ({ metadata }) => {
    if (metadata.name.startsWith('hold-')) names.push(metadata.name);
    return metadata.name === 'hold-c';
  });
  for (const name of ['hold-a', 'hold-b', 'hold-c']) await plane.admin.must('POST', path, map(name));
  await failing.happened;
  await api.send('GET', path);
  assert.deepEqual(names, ['hold-a']);
  letGo();
  await watching;
  assert.deepEqual(names, ['hold-a', 'hold-b', 'hold-c']);
});

test('everything that was asked is on record, for tests of a request budget', async () => {
  const before = proxy.asked.length;
  await api.send('GET', `${path}?limit=1`);
  assert.deepEqual(proxy.asked.slice(before), [{ method: 'GET', path: `${path}?limit=1` }]);
});
