import assert from 'node:assert/strict';
import { test } from 'node:test';
import { objectKinds } from '../../../src/adapters/kit/kubernetes/object-kinds.ts';
import { ProblemError } from '../../../src/model/errors.ts';
import { answer, standingInApiServer, statusDocument } from './standing-in-api-server.ts';

const { signal } = new AbortController();
const { deployment, virtualService, pod } = objectKinds;
const object = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'fraud', resourceVersion: '7' } };
const refusedAs = (code: string, touched: string, why: RegExp) => (error: unknown) => {
  assert.ok(error instanceof ProblemError, String(error));
  assert.equal(error.problem.code, code);
  assert.equal(error.problem.touched, touched);
  assert.match(error.problem.why, why);
  return true;
};

test('an object is asked for in its namespace, with the token of the kubeconfig', async () => {
  await using server = await standingInApiServer((_, response) => answer(response, 200, object));
  assert.deepEqual(await server.client.get(deployment, 'fraud', signal), object);
  const [asked] = server.asked;
  assert.equal(asked?.url, '/apis/apps/v1/namespaces/serving/deployments/fraud');
  assert.equal(asked?.headers.authorization, 'Bearer to-ken');
});

test('an object that is not there is null, a kind that the cluster does not know is a problem', async () => {
  await using server = await standingInApiServer(({ url }, response) =>
    url.includes('deployments')
      ? answer(response, 404, statusDocument(404, { reason: 'NotFound', details: { name: 'fraud', kind: 'deployments' } }))
      : response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found'),
  );
  assert.equal(await server.client.get(deployment, 'fraud', signal), null);
  await assert.rejects(server.client.get(virtualService, 'fraud', signal), refusedAs('target.missing', 'no', /404/));
});

test('a list is read to its last page, and its items say what they are', async () => {
  await using server = await standingInApiServer(({ url }, response) =>
    answer(
      response,
      200,
      url.includes('continue=next')
        ? { items: [{ metadata: { name: 'two' } }], metadata: { resourceVersion: '9' } }
        : { items: [{ metadata: { name: 'one' } }], metadata: { resourceVersion: '9', continue: 'next' } },
    ),
  );
  const { items, resourceVersion } = await server.client.list(pod, 'app=fraud', signal);
  assert.deepEqual(
    items.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
    ['Pod one', 'Pod two'],
  );
  assert.equal(resourceVersion, '9');
  assert.equal(server.asked.length, 2);
});

test('a server that asks to be left alone is left alone for as long, and then asked again', async () => {
  const at: number[] = [];
  await using server = await standingInApiServer((_, response) => {
    at.push(performance.now());
    if (at.length === 1) answer(response, 429, statusDocument(429, { reason: 'TooManyRequests' }), { 'retry-after': '1' });
    else answer(response, 200, object);
  });
  await server.client.apply(object, signal);
  assert.equal(at.length, 2);
  assert.ok(at[1]! - at[0]! >= 995, `${at[1]! - at[0]!} ms`);
});

test('a write whose answer is lost is of unknown outcome, and is not sent again by itself', async () => {
  await using server = await standingInApiServer((_, response) => void response.destroy());
  await assert.rejects(server.client.replace(object, signal), refusedAs('outcome.unknown', 'unknown', /hang up|ECONNRESET/));
  assert.equal(server.asked.length, 1);
});

test('an answer that is cut off in its body is no answer', async () => {
  await using server = await standingInApiServer((_, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('{"metadata":', () => response.destroy());
  });
  await assert.rejects(server.client.apply(object, signal), refusedAs('outcome.unknown', 'unknown', /aborted|ECONNRESET/));
  await assert.rejects(
    server.client.get(deployment, 'fraud', signal),
    refusedAs('target.unreachable', 'no', /aborted|ECONNRESET/),
  );
});

test('a patch whose test fails changed nothing; a webhook that refuses it is another thing', async () => {
  const answers = [
    statusDocument(422, { reason: 'Invalid', message: 'the server rejected our request due to an error in our request' }),
    statusDocument(422, { reason: 'Invalid', message: 'admission webhook "weights.example" denied the request: 101 %' }),
  ];
  await using server = await standingInApiServer((_, response) => answer(response, 422, answers.shift()));
  const patch = () => server.client.patch(virtualService, 'fraud', [{ op: 'test', path: '/metadata/uid', value: 'a' }], signal);
  assert.equal(await patch(), 'changed');
  await assert.rejects(patch(), refusedAs('target.refused', 'no', /101 %/));
});

test('what another manager owns is named, and not taken from it', async () => {
  const message = 'Apply failed with 1 conflict: conflict with "kubectl" using apps/v1: .spec.replicas';
  const causes = [{ reason: 'FieldManagerConflict', message: 'conflict with "kubectl" using apps/v1', field: '.spec.replicas' }];
  await using server = await standingInApiServer((_, response) =>
    answer(response, 409, statusDocument(409, { reason: 'Conflict', message, details: { causes } })),
  );
  await assert.rejects(server.client.apply(object, signal), refusedAs('foreign-change', 'no', /kubectl.*\.spec\.replicas/));
  assert.match(server.asked[0]?.url ?? '', /fieldManager=sofare&force=false/);
});

test('what may not be done, what does not fit and what is going away are told apart', async () => {
  const answers = [
    statusDocument(403, { reason: 'Forbidden', message: 'deployments.apps is forbidden: User "x" cannot create' }),
    statusDocument(403, { reason: 'Forbidden', message: 'pods "a" is forbidden: exceeded quota: small' }),
    statusDocument(403, { reason: 'Forbidden', message: 'ending', details: { causes: [{ reason: 'NamespaceTerminating' }] } }),
    statusDocument(404, { reason: 'NotFound', message: 'namespaces "serving" not found', details: { kind: 'namespaces' } }),
    statusDocument(401, { reason: 'Unauthorized', message: 'Unauthorized' }),
    statusDocument(500, { reason: 'InternalError', message: 'etcdserver: leader changed' }),
  ];
  await using server = await standingInApiServer((_, response) => {
    const document = answers.shift();
    answer(response, Number(document?.['code']), document);
  });
  const create = () => server.client.create(object, signal);
  await assert.rejects(create(), refusedAs('target.denied', 'no', /cannot create/));
  await assert.rejects(create(), refusedAs('target.refused', 'no', /exceeded quota/));
  await assert.rejects(create(), refusedAs('target.refused', 'no', /ending/));
  await assert.rejects(create(), refusedAs('target.missing', 'no', /namespaces "serving"/));
  await assert.rejects(create(), refusedAs('target.denied', 'no', /Unauthorized/));
  await assert.rejects(create(), refusedAs('outcome.unknown', 'unknown', /leader changed/));
});

test('a watch that is dropped goes on from its last bookmark, and ends with the first change', async () => {
  await using server = await standingInApiServer(({ url }, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const events = url.includes('resourceVersion=5')
      ? [{ type: 'BOOKMARK', object: { metadata: { resourceVersion: '8' } } }]
      : [{ type: 'MODIFIED', object: { metadata: { resourceVersion: '9' } } }];
    response.write(events.map((event) => `${JSON.stringify(event)}\n`).join(''), () => response.destroy());
  });
  await server.client.changes(pod, 'app=fraud', '5', 60_000, signal);
  assert.deepEqual(
    server.asked.map(({ url }) => new URL(url, 'http://x').searchParams.get('resourceVersion')),
    ['5', '8'],
  );
});

test('a watch from what the server has forgotten ends at once, for everything must be read again', async () => {
  await using server = await standingInApiServer((_, response) =>
    answer(response, 410, statusDocument(410, { reason: 'Expired' })),
  );
  await server.client.changes(pod, '', '1', 60_000, signal);
  assert.equal(server.asked.length, 1);
});

test('a watch that is refused waits out its time instead of asking without end', async () => {
  await using server = await standingInApiServer((_, response) => answer(response, 403, statusDocument(403)));
  const began = performance.now();
  await server.client.changes(pod, '', '1', 300, signal);
  assert.ok(performance.now() - began >= 295);
  assert.equal(server.asked.length, 1);
});

test('only the very object that was meant is removed', async () => {
  const answers = [200, 404, 409];
  await using server = await standingInApiServer((_, response) => answer(response, answers.shift() ?? 500, statusDocument(0)));
  for (const _ of [1, 2, 3]) await server.client.remove(deployment, 'fraud', 'the-uid', signal);
  assert.deepEqual(JSON.parse(server.asked[0]?.body ?? '').preconditions, { uid: 'the-uid' });
});

test('a patch tests texts as an API server writes them, or a test of a text with & in it never held', async () => {
  await using server = await standingInApiServer((_, response) => answer(response, 200, object));
  const value = { regex: '<a>&b', line: '\u2028\u2029' };
  await server.client.patch(virtualService, 'fraud', [{ op: 'test', path: '/spec/http/0/match', value }], signal);
  const body = server.asked[0]?.body ?? '';
  assert.doesNotMatch(body, /[<>&\u2028\u2029]/);
  assert.match(body, /\\u003ca\\u003e\\u0026b/);
  assert.deepEqual(JSON.parse(body)[0].value, value);
});
