import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { clusterClient } from '../../../src/adapters/kit/kubernetes/cluster-client.ts';
import { objectKinds } from '../../../src/adapters/kit/kubernetes/object-kinds.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { startControlPlane } from './control-plane.ts';
import type { Rule, WatchFault } from './faults.ts';
import { FaultyProxy } from './faulty-proxy.ts';
import { ServedService } from './served-service.ts';

const plane = await startControlPlane({ pods: true });
const proxy = new FaultyProxy(plane.admin.access, plane.serving);
// What the program does goes through the proxy; what a test itself asks does not.
process.env['KUBECONFIG'] = plane.kubeconfig(await proxy.start());
const served = await ServedService.begin(plane, 'istio', { warm: '1h' });
for (const version of ['1.0.0', '1.1.0']) await served.register(version);
await served.must(0, 'deploy', '1.0.0', '-y');
let next = 0;
const { signal } = new AbortController();
const patience = 60_000;
after(async () => {
  await served[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
  await plane[Symbol.asyncDispose]();
});

const record = { method: 'PUT', path: /\/configmaps\/sofare-fraud/ };
const route = { method: 'PATCH', path: /\/virtualservices\/fraud/ };
const looks = { method: 'GET', path: /\/virtualservices\/fraud/ };
const workload = { method: 'PATCH', path: /\/deployments\/fraud-/ };
const own = { method: 'PATCH', path: /\/services\/fraud-/ };
const copy = { method: 'POST', path: /\/configmaps/ };

type Named = readonly [what: string, rule: Rule];

const everyWrite = (asked: Pick<Rule, 'method' | 'path'>, what: string): readonly Named[] =>
  (
    [
      ['is lost before its effect', 'reset before the effect'],
      ['is done and its answer lost', 'reset after the effect'],
      ['is done and its answer cut off in the body', 'reset in the body'],
      ['meets a conflict', { status: 409 }],
      ['is put off', { status: 429, retryAfter: 1 }],
      ['meets an error of the server', { status: 500 }],
      ['meets a server that is not there', { status: 503 }],
    ] as const
  ).map(([how, fault]) => [`${what} ${how}`, { ...asked, fault }]);

const ofARollback: readonly Named[] = [
  ...everyWrite(record, 'the record'),
  ...everyWrite(route, 'the route'),
  ['a look at the route is lost', { ...looks, nth: 2, fault: 'reset before the effect' }],
  ['a look at the route meets an error of the server', { ...looks, nth: 2, fault: { status: 500 } }],
  ['the route is done and no answer comes', { ...route, fault: 'times out after the effect' }],
  ['the record is done and no answer comes', { ...record, fault: 'times out after the effect' }],
];

for (const [what, rule] of ofARollback)
  test(`a rollback of which ${what} takes production back, once`, async () => {
    await served.must(0, 'deploy', '1.1.0', '-y');
    const failing = proxy.fail(rule);
    await served.must(0, 'rollback', '-y');
    assert.equal(failing.times, 1, 'the fault has not happened');
    proxy.heal();
    await assertAt('1.0.0');
    await served.must(0, 'unhold');
    await served.must(0, 'unquarantine', '1.1.0');
  });

const ofADeploy: readonly Named[] = [
  ...everyWrite(workload, 'the Deployment'),
  ...everyWrite(own, 'the Service of the version'),
  ['the copy of a ConfigMap is done and its answer lost', { ...copy, fault: 'reset after the effect' }],
];

for (const [what, rule] of ofADeploy)
  test(`a deploy of which ${what} brings its version into production`, async () => {
    next += 1;
    const version = `2.0.${next}`;
    await served.register(version);
    const path = served.path('/api/v1', 'configmaps', 'rules');
    await plane.admin.must('PATCH', path, { data: { RULES: version } }, 'application/merge-patch+json');
    const failing = proxy.fail(rule);
    await served.must(0, 'deploy', version, '-y');
    assert.ok(failing.times > 0, 'the fault has not happened');
    proxy.heal();
    await assertAt(version);
  });

const watches: readonly (readonly [what: string, fault: WatchFault['watch'], changes: number])[] = [
  ['whose connection is reset goes on where it was, and sees the change', 'reset', 1],
  ['that loses an event sees the next', 'drop', 2],
  ['that is told an event twice has seen it', 'duplicate', 1],
  ['from what the server has forgotten ends, for everything must be read again', 'expire', 1],
];

for (const [what, fault, count] of watches)
  test(`a watch ${what}`, async () => {
    const namespace = await plane.namespace();
    const client = clusterClient({ context: null, namespace }, systemClock);
    const { resourceVersion } = await client.list(objectKinds.configMap, '', signal);
    const failing = proxy.fail({ path: /configmaps\?watch=1/, fault: { watch: fault } });
    const began = performance.now();
    const seen = client.changes(objectKinds.configMap, 'watched', resourceVersion, patience, signal);
    for (let each = 0; each < count; each += 1)
      await plane.admin.must('POST', `/api/v1/namespaces/${namespace}/configmaps`, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: `c${each}`, labels: { watched: '' } },
      });
    await seen;
    assert.ok(performance.now() - began < patience, 'the watch has only waited its time out');
    assert.equal(failing.times, 1);
    proxy.heal();
    client.close();
  });

test('a verb that is taken away in mid-operation stops it with what is missing, and it goes on when the verb is back', async () => {
  next += 1;
  const [before, version] = [(await served.status()).pointer, `2.0.${next}`];
  await served.register(version);
  proxy.fail({ ...route, times: 100, fault: { status: 403, message: 'virtualservices "fraud" is forbidden: cannot patch' } });
  const stopped = await served.run('deploy', version, '-y');
  assert.notEqual(stopped.code, 0);
  assert.match(stopped.output + stopped.errors, /cannot patch/);
  assert.deepEqual(await served.shares(), { [before]: 100 });
  proxy.heal();
  await served.must(0, 'deploy', version, '-y');
  await assertAt(version);
});

test('a webhook that refuses the weights moves nothing, and its sentence is told', async () => {
  next += 1;
  const [before, version] = [(await served.status()).pointer, `2.0.${next}`];
  await served.register(version);
  proxy.fail({ ...route, fault: { status: 422, message: 'admission webhook "w" denied the request: not on a Friday' } });
  const stopped = await served.run('deploy', version, '-y');
  assert.notEqual(stopped.code, 0);
  assert.match(stopped.output + stopped.errors, /not on a Friday/);
  proxy.heal();
  assert.deepEqual(await served.shares(), { [before]: 100 });
});

/** Registry and cluster say the same, and nothing is left to do. */
async function assertAt(version: string): Promise<void> {
  const { pointer, operation, differences } = await served.status();
  assert.deepEqual([pointer, operation, differences], [version, null, []]);
  assert.deepEqual(await served.shares(), { [version]: 100 });
}
