import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startControlPlane } from './control-plane.ts';
import { type Routing, routings, ServedService } from './served-service.ts';

const plane = await startControlPlane({ pods: true });
after(() => plane[Symbol.asyncDispose]());

for (const routing of ['istio', 'gateway-api'] as const satisfies readonly Routing[]) {
  test(`${routing}: deployed, as a canary, promoted, and taken back: registry, history and the route say the same`, async () => {
    await using served = await ServedService.begin(plane, routing);
    await served.register('1.0.0');
    await served.register('1.1.0');
    await served.must(0, 'deploy', '1.0.0', '-y');
    assert.deepEqual(await served.shares(), { '1.0.0': 100 });
    const plan = await served.must(0, 'deploy', '1.1.0', '--steps', '10', '-y');
    assert.match(plan.errors + plan.output, /nobody counts what 1\.1\.0 answers/);
    assert.deepEqual(await served.shares(), { '1.0.0': 90, '1.1.0': 10 });
    await served.must(0, 'promote', '-y');
    assert.deepEqual(await served.shares(), { '1.1.0': 100 });
    await served.must(0, 'rollback', '--reason', 'worse answers', '-y');
    assert.deepEqual(await served.shares(), { '1.0.0': 100 });
    const again = await served.must(0, 'rollback', '-y');
    assert.match(again.output, /still has 100 %/);
    assert.deepEqual(await weightsOf(served, routing), { 'fraud-1-0-0': 100, 'fraud-1-1-0': 0 });
    const status = await served.status();
    assert.deepEqual([status.pointer, status.operation, status.differences], ['1.0.0', null, []]);
    assert.deepEqual(
      status.quarantined.map(({ version }: { version: string }) => version),
      ['1.1.0'],
    );
    assert.equal((await served.must(0, 'current')).output.trim(), '1.0.0');
    assert.match((await served.must(0, 'history')).output, /1\.1\.0/);
  });
}

/** Weights by name of the Service, as they stand in the object. */
async function weightsOf(served: ServedService, routing: 'istio' | 'gateway-api'): Promise<Readonly<Record<string, number>>> {
  const { collection, plural, object } = routings[routing];
  const { spec } = await served.get(collection, plural, object.metadata.name);
  const list: readonly { name?: string; weight: number; destination?: { host: string } }[] =
    routing === 'istio' ? spec.http[0].route : spec.rules[0].backendRefs;
  const ours = list.map(({ name, destination, weight }) => [name ?? destination?.host ?? '', weight] as const);
  return Object.fromEntries(ours.filter(([name]) => name.startsWith('fraud-')));
}
