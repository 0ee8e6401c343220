import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { ProblemError, type ProblemCode } from '../../src/model/errors.ts';
import { service, TestHost } from './fixtures/test-host.ts';

const soon = (): AbortSignal => AbortSignal.timeout(10_000);

function refusedWith(code: ProblemCode): (error: unknown) => boolean {
  return (error) => error instanceof ProblemError && error.problem.code === code;
}

/** What the host answers, as far as these tests look at it. */
type Document = { readonly problem: { readonly code: string; readonly what: string } };

function raw(
  host: TestHost,
  method: string,
  path: string,
  body: string | null,
  protocol = '1',
): Promise<{ readonly status: number; readonly document: Document }> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { socketPath: readFileSync(join(host.directory, 'socket'), 'utf8'), method, path, headers: { 'x-sofare-host': protocol } },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, document: JSON.parse(text) }));
      },
    );
    sent.on('error', reject);
    sent.end(body ?? undefined);
  });
}

test('only this user can reach the socket', async () => {
  await using host = await TestHost.start();
  const socket = readFileSync(join(host.directory, 'socket'), 'utf8');
  assert.equal(statSync(socket).mode & 0o777, 0o600);
  assert.equal(statSync(dirname(socket)).mode & 0o777, 0o700);
  assert.equal(statSync(join(host.directory, 'state.json')).mode & 0o077, 0);
});

test('another protocol, an unknown route, an unknown service and malformed documents are each told apart', async () => {
  await using host = await TestHost.start();
  assert.equal((await raw(host, 'GET', '/', null, '2')).status, 426);
  assert.equal((await raw(host, 'GET', '/nothing', null)).status, 400);
  assert.equal((await raw(host, 'GET', '/%E0%A4%A', null)).status, 400);
  assert.equal((await raw(host, 'GET', '/services/none', null)).status, 404);
  assert.equal((await raw(host, 'POST', '/services/s/wanted', '{"fence":')).status, 400);
  const { status, document } = await raw(host, 'POST', '/services/s/wanted', '{"fence":1,"key":"k","policy":null,"versions":[]}');
  assert.deepEqual([status, document.problem.code], [400, 'usage']);
  assert.match(document.problem.what, /policy/);
  const outside = { fence: 1, key: 'k', policy: host.policy(), versions: [host.version('../../1.0.0')] };
  assert.equal((await raw(host, 'POST', '/services/s/wanted', JSON.stringify(outside))).status, 400);
  assert.equal(
    (await raw(host, 'POST', '/services/..%2F..%2Fs/wanted', JSON.stringify({ ...outside, versions: [] }))).status,
    400,
  );
  assert.deepEqual((await raw(host, 'GET', '/services/new/record', null)).document, { revision: 0, value: null });
});

test('a lower fence changes nothing, an equal or higher one does, and the highest is kept', async () => {
  await using host = await TestHost.start();
  host.fence = 5;
  await host.full([host.version('1.0.0'), host.version('2.0.0')]);
  host.fence = 4;
  await assert.rejects(host.want([host.version('3.0.0')]), refusedWith('superseded'));
  await assert.rejects(host.route({ '2.0.0': 100 }), refusedWith('superseded'));
  await assert.rejects(host.retire('2.0.0'), refusedWith('superseded'));
  await assert.rejects(host.client.swapRecord(service, { revision: 0, value: { fence: 4 } }, soon()), refusedWith('superseded'));
  const { weights, versions, fence } = await host.hosted();
  assert.deepEqual([weights, versions.map(({ version }) => version), fence], [{ '1.0.0': 100 }, ['1.0.0', '2.0.0'], 5]);
  host.fence = 7;
  await host.route({ '2.0.0': 100 });
  assert.equal((await host.hosted()).fence, 7);
});

test('a write that comes a second time, however late, changes nothing back', async () => {
  await using host = await TestHost.start();
  await host.full([host.version('1.0.0'), host.version('2.0.0')]);
  const first = { fence: 1, key: 'step 1', weights: { '1.0.0': 90, '2.0.0': 10 }, seed: 's' };
  await host.client.setWeights(service, first, soon());
  await host.client.setWeights(service, { ...first, key: 'step 2', weights: { '2.0.0': 100 } }, soon());
  await host.client.setWeights(service, first, soon());
  assert.deepEqual((await host.hosted()).weights, { '2.0.0': 100 });
  await host.client.setWeights(service, { ...first, fence: 2 }, soon());
  assert.deepEqual((await host.hosted()).weights, first.weights);
});

test('of swaps at the same revision one wins', async () => {
  await using host = await TestHost.start();
  const swaps = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      host.client.swapRecord(service, { revision: 0, value: { fence: 1, mine: index } }, soon()),
    ),
  );
  assert.equal(swaps.filter((swapped) => swapped).length, 1);
  const { revision, value } = await host.client.record(service, soon());
  assert.deepEqual([revision, value], [1, { fence: 1, mine: swaps.indexOf(true) }]);
  assert.equal(await host.client.swapRecord(service, { revision: 0, value: { fence: 1 } }, soon()), false);
  assert.deepEqual((await host.client.record(service, soon())).value, value);
});

test('who waits for a change is told at once, and of none when the time is over', async () => {
  await using host = await TestHost.start();
  await host.full([host.version('1.0.0')]);
  const { revision } = await host.hosted();
  assert.equal((await host.client.changes(service, revision, 30, soon()))?.revision, revision);
  const told = host.client.changes(service, revision, 60_000, soon());
  await host.want([host.version('2.0.0')]);
  assert.ok(((await told)?.revision ?? 0) > revision);
});

test('a copy is told what it needs, and no secret of the host', async () => {
  await using host = await TestHost.start();
  const { versions } = await host.serve([host.version('1.0.0', { GREETING: 'hello', PORT: '1', SOFARE_VERSION: 'false' })]);
  const copy = versions[0]?.copies[0];
  const environment = (await (await fetch(`http://127.0.0.1:${copy?.port}/environment`)).json()) as Record<string, string>;
  const { GREETING, PORT, SOFARE_HOST, SOFARE_ARTIFACTS, SOFARE_MODEL, SOFARE_VERSION, SOFARE_DIGEST, SOFARE_INSTANCE, SECRET } =
    environment;
  assert.deepEqual(
    [GREETING, PORT, SOFARE_HOST, SOFARE_ARTIFACTS, SOFARE_MODEL, SOFARE_VERSION, SOFARE_DIGEST, SOFARE_INSTANCE, SECRET],
    [
      'hello',
      String(copy?.port),
      '127.0.0.1',
      join(host.directory, 'artifacts'),
      'm',
      '1.0.0',
      'sha256:1.0.0',
      copy?.id,
      undefined,
    ],
  );
});
