import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { isForbidden } from '../../../src/adapters/kit/outside-request.ts';
import { measureOutside, missingVariables } from '../../../src/adapters/signal/metric-source.ts';
import type { MetricReading } from '../../../src/model/analysis.ts';
import type { OutsideProvider } from '../../../src/ports/metric-source.ts';

const secret = 'tok-en-9f2c';
process.env['SOFARE_TEST_SECRET'] = secret;

/** A server for one test, and what it was asked. */
async function serving(listener: RequestListener): Promise<{ address: string; asked: IncomingMessage[] } & AsyncDisposable> {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    listener(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

const ask = (provider: OutsideProvider): Promise<MetricReading> => measureOutside(provider, null, new AbortController().signal);
const web = (url: string, changes: Partial<Extract<OutsideProvider, { kind: 'web' }>> = {}): OutsideProvider => ({
  kind: 'web',
  url,
  method: 'GET',
  headers: [{ key: 'Authorization', value: 'Bearer ${SOFARE_TEST_SECRET}' }],
  body: null,
  jsonPath: '{$}',
  timeout: 2_000,
  insecure: false,
  ...changes,
});
const prometheus = (
  address: string,
  changes: Partial<Extract<OutsideProvider, { kind: 'prometheus' }>> = {},
): OutsideProvider => ({
  kind: 'prometheus',
  address,
  query: 'up',
  range: null,
  timeout: 2_000,
  insecure: false,
  headers: [],
  ...changes,
});
const why = (reading: MetricReading): string => (reading.kind === 'failed' ? reading.why : assert.fail(JSON.stringify(reading)));

test('a web metric is what stands at its path; secrets go out in headers and come back in nothing', async () => {
  await using server = await serving((_request, response) => response.end(JSON.stringify({ data: { ok: [0.5], note: secret } })));
  assert.deepEqual(await ask(web(server.address, { jsonPath: '{$.data.ok[0]}' })), { kind: 'json', document: 0.5 });
  assert.equal(server.asked[0]?.headers.authorization, `Bearer ${secret}`);
  assert.match(why(await ask(web(server.address, { jsonPath: '{$.data.none}' }))), /nothing at/);
  assert.match(why(await ask(web(server.address, { jsonPath: "{$['__proto__']}" }))), /nothing at/);
});

test('no redirect is followed, so that what answers elsewhere never gets the secret', async () => {
  await using elsewhere = await serving((_request, response) => response.end('{}'));
  await using server = await serving((_request, response) => response.writeHead(302, { location: elsewhere.address }).end());
  assert.match(why(await ask(web(server.address))), /redirects are not followed/);
  assert.match(why(await ask(prometheus(server.address))), /redirects are not followed/);
  assert.equal(elsewhere.asked.length, 0);
});

test('an error that repeats a secret is shown without it', async () => {
  const headers = [{ key: 'Authorization', value: 'Basic me:${SOFARE_TEST_SECRET}' }];
  await using server = await serving((request, response) =>
    response
      .writeHead(400)
      .end(JSON.stringify({ status: 'error', errorType: 'bad_data', error: `${secret} ${request.headers.authorization}` })),
  );
  const said = why(await ask(prometheus(server.address, { headers })));
  assert.match(said, /bad_data: \*{5} Basic \*{5}$/);
  assert.equal(server.asked[0]?.headers.authorization, `Basic ${Buffer.from(`me:${secret}`).toString('base64')}`);
});

test('a variable that is not set is named before and while measuring', async () => {
  const unset = web('http://127.0.0.1:9', { headers: [{ key: 'X-Key', value: '${SOFARE_TEST_UNSET}' }] });
  assert.deepEqual(missingVariables(unset), ['SOFARE_TEST_UNSET']);
  assert.equal(why(await ask(unset)), 'SOFARE_TEST_UNSET is not set');
});

test('an answer that never comes, never ends or is too large is given up', async () => {
  await using silent = await serving(() => {});
  assert.match(why(await ask(web(silent.address, { timeout: 100 }))), /no answer within 0.1s/);
  await using endless = await serving((_request, response) => {
    const more = (): void => void (response.destroyed || response.write('x'.repeat(65_536), more));
    more();
  });
  assert.match(why(await ask(web(endless.address))), /larger than 5 MiB/);
  await using cut = await serving((_request, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('{');
    response.destroy();
  });
  assert.match(why(await ask(web(cut.address))), /aborted|ECONNRESET|terminated/);
});

test('addresses where clouds keep credentials are refused however they are written', async () => {
  for (const address of ['169.254.169.254', '::ffff:a9fe:a9fe', 'fe80::1', 'fd00:ec2::254'])
    assert.equal(isForbidden(address), true, address);
  for (const address of ['127.0.0.1', '10.0.0.1', '::1', 'example.com']) assert.equal(isForbidden(address), false, address);
  for (const host of [
    '169.254.169.254',
    '2852039166',
    '0xa9fea9fe',
    '0251.0376.0251.0376',
    '[::ffff:a9fe:a9fe]',
    '[::ffff:169.254.169.254]',
  ])
    assert.match(why(await ask(web(`http://${host}/latest/meta-data`))), /keeps credentials/, host);
});

test('what is no http address, or holds a user, is refused', async () => {
  for (const url of ['file:///etc/passwd', 'gopher://127.0.0.1/', 'unix:/tmp/x', 'not an address'])
    assert.match(why(await ask(web(url))), /no http or https/, url);
  assert.match(why(await ask(web('http://user@127.0.0.1/'))), /holds a user/);
});

test('a header with a line end in it stays one header', async () => {
  process.env['SOFARE_TEST_LINES'] = 'a\r\nX-Other: b';
  await using server = await serving((_request, response) => response.end('{}'));
  await ask(web(server.address, { headers: [{ key: 'X-Key', value: '${SOFARE_TEST_LINES}' }] }));
  assert.equal(server.asked[0]?.headers['x-other'], undefined);
});

test('what Prometheus answers comes out as what it is', async () => {
  const answers: readonly (readonly [unknown, MetricReading['kind'], RegExp])[] = [
    [{ status: 'success', data: { resultType: 'vector', result: [] } }, 'vector', /"values":\[\]/],
    [{ status: 'success', data: { resultType: 'vector', result: [{ metric: {}, value: [1, 'NaN'] }] } }, 'vector', /null/],
    [{ status: 'success', data: { resultType: 'scalar', result: [1, '+Inf'] }, warnings: ['w'] }, 'scalar', /"w"/],
    [{ status: 'success', data: { resultType: 'string', result: [1, 'a'] } }, 'failed', /not supported/],
    [
      { status: 'success', data: { resultType: 'vector', result: [{ metric: {}, histogram: [1, {}] }] } },
      'failed',
      /a sample has no value/,
    ],
    [{ status: 'error', errorType: 'timeout', error: 'query timed out' }, 'failed', /timeout: query timed out/],
    ['[]', 'failed', /no JSON object/],
    ['<html>', 'failed', /no JSON/],
  ];
  for (const [body, kind, shown] of answers) {
    await using server = await serving((_request, response) =>
      response.end(typeof body === 'string' ? body : JSON.stringify(body)),
    );
    const reading = await ask(prometheus(server.address));
    assert.equal(reading.kind, kind, JSON.stringify(body));
    assert.match(JSON.stringify(reading), shown);
  }
  assert.match(why(await ask(prometheus('http://127.0.0.1:1'))), /Prometheus: ECONNREFUSED/);
});

test('a command is measured by the JSON that it prints, and by nothing else that it does', async () => {
  const command = (...words: readonly string[]): OutsideProvider => ({
    kind: 'command',
    command: words,
    jsonPath: '{$.score}',
    timeout: 3_000,
  });
  assert.deepEqual(await ask(command('echo', '{"score": 0.9}')), { kind: 'json', document: 0.9 });
  assert.match(why(await ask(command('echo', '$(id)'))), /printed no JSON/);
  assert.match(why(await ask(command('true'))), /printed nothing/);
  assert.match(why(await ask(command('sh', '-c', 'echo {}; exit 3'))), /ended with 3/);
  assert.match(why(await ask(command('/nowhere/program'))), /ENOENT/);
  assert.match(why(await ask({ ...command('sleep', '60'), timeout: 100 } as OutsideProvider)), /did not end within 0.1s/);
  assert.match(why(await ask(command('yes'))), /more than 1 MiB/);
});
