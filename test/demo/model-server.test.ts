import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import { readModel } from '../../examples/flights/artifacts.mjs';
import { requestOf } from '../../examples/flights/inference.mjs';
import { readRows } from '../../examples/flights/rows.mjs';
import { predict } from '../../examples/flights/score.mjs';
import { readConfiguration } from '../../src/configure/read.ts';

const example = join(import.meta.dirname, '..', '..', 'examples', 'flights');
const folderOf = (version: string): string => join(example, 'versions', version);
const rows = readRows(join(example, 'sample.ndjson'));

async function serve(t: TestContext, version: string): Promise<{ readonly address: string; readonly child: ChildProcess }> {
  // The stamp of the version is a lie on purpose: the answer must come from the artifacts.
  const env = { PORT: '0', SOFARE_HOST: '127.0.0.1', SOFARE_ARTIFACTS: folderOf(version), SOFARE_VERSION: '9.9.9' };
  const child = spawn(process.execPath, [join(example, 'server.mjs')], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return { address: `http://127.0.0.1:${/(\d+)$/.exec(line)?.[1]}`, child };
}

function infer(address: string, body: unknown): Promise<Response> {
  return fetch(`${address}/v2/models/flights/infer`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

for (const version of ['1.2.0', '1.3.0']) {
  test(`${version} answers over HTTP exactly what its artifacts compute, and an error where the score is not finite`, async (t) => {
    const { address } = await serve(t, version);
    const model = readModel(folderOf(version));
    let errors = 0;
    for (const { flight } of rows.filter((_, index) => index % 40 === 0)) {
      const expected = predict(model, flight);
      const response = await infer(address, { id: 'one', ...requestOf([flight]) });
      const answer = (await response.json()) as {
        error?: string;
        id?: string;
        model_version?: string;
        outputs?: { data: unknown[] }[];
      };
      if (expected.label === null) {
        errors += 1;
        assert.deepEqual([response.status, answer], [500, { error: 'the score is not finite' }]);
      } else {
        assert.equal(response.status, 200);
        assert.deepEqual([answer.id, answer.model_version], ['one', version]);
        assert.deepEqual(
          answer.outputs?.map(({ data }) => data),
          [[expected.label], [expected.probability]],
        );
      }
    }
    assert.equal(errors > 0, version === '1.3.0');
  });
}

test('a batch is answered row by row', async (t) => {
  const { address } = await serve(t, '1.2.0');
  const flights = rows.slice(2_000, 2_050).map(({ flight }) => flight);
  const response = await infer(address, requestOf(flights));
  const { outputs } = (await response.json()) as { outputs: { shape: number[]; data: unknown[] }[] };
  assert.deepEqual(outputs[0]?.shape, [50, 1]);
  assert.deepEqual(
    outputs[0]?.data,
    flights.map((flight) => predict(readModel(folderOf('1.2.0')), flight).label),
  );
});

test('health, and the version that the artifact folder names whatever the environment says', async (t) => {
  const { address } = await serve(t, '1.3.0-sound');
  for (const path of ['/v2/health/live', '/v2/health/ready', '/v2/models/flights/ready'])
    assert.equal((await fetch(address + path)).status, 200, path);
  const metadata = (await (await fetch(`${address}/v2/models/flights`)).json()) as Record<string, unknown>;
  assert.deepEqual([metadata['name'], metadata['versions']], ['flights', ['1.3.0']]);
  assert.deepEqual(Object.keys(metadata), ['name', 'versions', 'platform', 'inputs', 'outputs']);
});

test('a request that is none gets 400, 404 or 413 with a reason, never 500', async (t) => {
  const { address } = await serve(t, '1.2.0');
  const [route, flight] = requestOf([rows[0]!.flight]).inputs;
  const bad: readonly unknown[] = [
    '',
    'null',
    '[]',
    '{"inputs":5}',
    { inputs: [] },
    { inputs: [route] },
    { inputs: [{ ...route, shape: [2, 2] }, flight] },
    { inputs: [{ ...route, shape: [1e9, 2] }, flight] },
    { inputs: [route, { ...flight, datatype: 'BYTES' }] },
    { inputs: [route, { ...flight, data: [24, 0, 1, 1, 0, 0, 0] }] },
    { inputs: [route, { ...flight, data: ['0', 0, 1, 1, 0, 0, 0] }] },
    { inputs: [route, { ...flight, data: [0, 0, 1, 1, 0, -1, 0] }] },
  ];
  for (const body of bad) {
    const response = await infer(address, body);
    assert.equal(response.status, 400, JSON.stringify(body));
    assert.match(((await response.json()) as { error: string }).error, /\w/);
  }
  assert.equal((await infer(address, `"${'a'.repeat(1_100_000)}"`)).status, 413);
  assert.equal((await fetch(`${address}/v2/models/other`)).status, 404);
  const strange = requestOf([{ ...rows[0]!.flight, origin: 'constructor', destination: '__proto__' }]);
  assert.equal((await infer(address, strange)).status, 200);
});

test('told to stop it closes idle connections, finishes what is in flight, says that it closes, and exits with 0', {
  timeout: 60_000,
}, async (t) => {
  const { address, child } = await serve(t, '1.2.0');
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  const idle = request(`${address}/v2/health/ready`, { agent });
  idle.end();
  const [first] = (await once(idle, 'response')) as [IncomingMessage];
  const kept = first.socket;
  await text(first);
  const body = JSON.stringify(requestOf([rows[0]!.flight]));
  const flying = request(`${address}/v2/models/flights/infer`, {
    method: 'POST',
    headers: { 'content-length': body.length, expect: '100-continue' },
  });
  flying.flushHeaders();
  await once(flying, 'continue');
  const [idleClosed, exited, response] = [once(kept, 'close'), once(child, 'exit'), once(flying, 'response')];
  child.kill('SIGTERM');
  await idleClosed;
  flying.end(body);
  const [answer] = (await response) as [IncomingMessage];
  assert.equal(answer.statusCode, 200);
  assert.equal(answer.headers.connection, 'close');
  assert.match(await text(answer), /"probability"/);
  assert.deepEqual(await exited, [0, null]);
});

test('its sofare.yaml is one that sofare reads, and starts this server', () => {
  const file = join(example, 'sofare.yaml');
  const configuration = readConfiguration({ text: readFileSync(file, 'utf8'), file, found: 'by the test', environment: {} });
  const { flights } = configuration.services;
  assert.equal(flights?.model, 'flights');
  const target = flights?.serving?.target;
  assert.ok(target?.kind === 'process');
  assert.deepEqual(target.command, ['node', 'server.mjs']);
  assert.equal(target.directory, example);
});
