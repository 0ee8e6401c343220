import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { KubernetesObject } from '../../src/adapters/kit/kubernetes/kubernetes-object.ts';
import { gatewayDestination, gatewayRules } from '../../src/adapters/traffic/gateway-rules.ts';
import { istioDestination, istioRules } from '../../src/adapters/traffic/istio-rules.ts';
import { sameObject } from '../../src/adapters/traffic/marked-object.ts';
import type { RoutedRule } from '../../src/adapters/traffic/routed-rule.ts';
import { patchRules } from '../../src/adapters/traffic/rule-patch.ts';
import { weightsOf } from '../../src/adapters/traffic/rule-weights.ts';
import { wholeWeights } from '../../src/adapters/traffic/whole-weights.ts';
import { applyPatch } from './apply-patch.ts';
import { edited, httpRoute, leavesOf, strangers, versions, virtualService, wanted } from './shared-objects.ts';

const places = { namespace: 'serving', host: null, versions };
const nameOf = (version: string): string => [...versions].find(([, each]) => each === version)?.[0] ?? '';

/** The objects whose rules are shared with others, and how destinations are read from them and added. */
const kinds = [
  {
    kind: 'VirtualService',
    any: virtualService,
    rules: (object: KubernetesObject) => istioRules(object, places),
    added: (version: string, rule: RoutedRule) => istioDestination(nameOf(version), rule, places),
  },
  {
    kind: 'HTTPRoute',
    any: httpRoute,
    rules: (object: KubernetesObject) => gatewayRules(object, places),
    added: (version: string) => gatewayDestination(nameOf(version), 8080),
  },
] as const;

for (const { kind, any, rules, added } of kinds) {
  const patchOf = (object: KubernetesObject, weights: Readonly<Record<string, number>>, ours: readonly string[] = []) => {
    const { operations, added: names } = patchRules(rules(object), {
      weights: wholeWeights(weights),
      destinationFor: added,
      isReady: () => true,
      added: ours,
    });
    return { operations: [...sameObject(object, 'fraud'), ...operations], names };
  };

  test(`${kind}: the patch gives every rule exactly the wanted weights`, () => {
    fc.assert(
      fc.property(any, wanted, (object, weights) => {
        const changed = applyPatch(object, patchOf(object, weights).operations);
        assert.ok(changed);
        const read = weightsOf(rules(changed));
        assert.deepEqual(read.besides, []);
        assert.deepEqual(positive(read.weights), positive(weights));
      }),
    );
  });

  test(`${kind}: the patch leaves every other byte alone`, () => {
    fc.assert(
      fc.property(any, wanted, (object, weights) => {
        const changed = applyPatch(object, patchOf(object, weights).operations);
        const before = rules(object);
        assert.deepEqual(withoutWeights(changed, before), withoutWeights(object, before));
      }),
    );
  });

  test(`${kind}: an edit by somebody else of anything that was seen makes nothing of the patch happen`, () => {
    fc.assert(
      fc.property(any, wanted, fc.nat(), (object, weights, choice) => {
        const { operations } = patchOf(object, weights);
        const seen = leavesOf(object).filter((path) => isSeen(object, path, rules(object)));
        const where = seen[choice % seen.length] ?? [];
        assert.equal(applyPatch(edited(object, where), operations), null, where.join('/'));
      }),
    );
  });

  test(`${kind}: a destination that we added and that leads nowhere is taken away, nobody else's is`, () => {
    fc.assert(
      fc.property(any, wanted, fc.constantFrom(...strangers), (object, weights, ours) => {
        const { operations, names } = patchOf(object, weights, [ours]);
        const changed = applyPatch(object, operations);
        assert.ok(changed);
        const calledIn = (each: KubernetesObject): readonly string[] =>
          rules(each).flatMap(({ destinations }) => destinations.map(({ called }) => called));
        const left = calledIn(changed);
        assert.ok(!left.includes(ours));
        for (const stranger of strangers.filter((each) => each !== ours))
          assert.equal(
            left.filter((each) => each === stranger).length,
            calledIn(object).filter((each) => each === stranger).length,
          );
        assert.ok(names.every((name) => versions.has(name)));
        assert.deepEqual(positive(weightsOf(rules(changed)).weights), positive(weights));
      }),
    );
  });
}

test('a destination where no version runs has its share under its own name', () => {
  const object = service([
    { destination: { host: 'fraud-1-0-0' }, weight: 60 },
    { destination: { host: 'legacy' }, weight: 30 },
    { destination: { host: 'fraud-1-0-0', subset: 'odd' }, weight: 10 },
  ]);
  assert.deepEqual(weightsOf(istioRules(object, places)).weights, { '1.0.0': 60, 'legacy': 30, 'fraud-1-0-0/odd': 10 });
});

test('where rules differ no version seems to have more than it has in each, and every rule is named', () => {
  const object = service(
    [{ destination: { host: 'fraud-1-0-0' } }],
    [
      { destination: { host: 'fraud-1-0-0' }, weight: 50 },
      { destination: { host: 'fraud-1-1-0' }, weight: 50 },
    ],
  );
  assert.deepEqual(weightsOf(istioRules(object, places)), {
    weights: { '1.0.0': 75, '1.1.0': 25 },
    besides: ['route 1 has 1.0.0 100 %', 'route 2 has 1.0.0 50 %, 1.1.0 50 %'],
  });
});

test('a single destination of a VirtualService has everything even with weight 0, and a single backend with 0 nothing', () => {
  const istio = service([{ destination: { host: 'fraud-1-0-0' }, weight: 0 }]);
  assert.deepEqual(weightsOf(istioRules(istio, places)).weights, { '1.0.0': 100 });
  const gateway: KubernetesObject = { ...istio, spec: { rules: [{ backendRefs: [{ name: 'fraud-1-0-0', weight: 0 }] }] } };
  assert.deepEqual(weightsOf(gatewayRules(gateway, places)).weights, {});
});

test('a backend without a weight counts as 1', () => {
  const object: KubernetesObject = {
    ...service([]),
    spec: { rules: [{ backendRefs: [{ name: 'fraud-1-0-0' }, { name: 'fraud-1-1-0', weight: 3 }] }] },
  };
  assert.deepEqual(weightsOf(gatewayRules(object, places)).weights, { '1.0.0': 25, '1.1.0': 75 });
});

test('an added destination is written as the one beside it: with its port and as much of the domain', () => {
  const object = service([{ destination: { host: 'fraud-1-0-0.serving.svc.cluster.local', port: { number: 80 } } }]);
  const [rule] = istioRules(object, places);
  assert.ok(rule);
  assert.deepEqual(istioDestination('fraud-1-1-0', rule, places).value, {
    destination: { host: 'fraud-1-1-0.serving.svc.cluster.local', port: { number: 80 } },
  });
  const subsets = { namespace: 'serving', host: 'fraud', versions: new Map([['stable', '1.0.0']]) };
  const bySubset = service([{ destination: { host: 'fraud.serving', subset: 'stable' } }]);
  const [other] = istioRules(bySubset, subsets);
  assert.ok(other);
  assert.deepEqual(istioDestination('v1-1-0', other, subsets), {
    called: 'fraud/v1-1-0',
    value: { destination: { host: 'fraud.serving', subset: 'v1-1-0' } },
  });
});

test('shares that are no whole percents become whole weights of the same proportion', () => {
  assert.deepEqual(wholeWeights({ '1.0.0': 99.5, '1.1.0': 0.5 }), { '1.0.0': 995, '1.1.0': 5 });
  assert.deepEqual(wholeWeights({ '1.0.0': 90, '1.1.0': 10, '1.2.0': 0 }), { '1.0.0': 90, '1.1.0': 10 });
  assert.deepEqual(wholeWeights({ '1.0.0': 99.999_99, '1.1.0': 0.000_01 }), { '1.0.0': 999_999, '1.1.0': 1 });
  assert.deepEqual(wholeWeights({ a: 100 / 3, b: 100 / 3, c: 100 / 3 }), { a: 333_334, b: 333_333, c: 333_333 });
  fc.assert(
    fc.property(wanted, (weights) => {
      const whole = wholeWeights(weights);
      const sum = Object.values(whole).reduce((total, weight) => total + weight, 0);
      assert.ok([100, 1_000, 10_000, 100_000, 1_000_000].includes(sum));
      for (const [version, share] of Object.entries(weights)) {
        assert.ok(Number.isInteger(whole[version] ?? 0));
        assert.equal(((whole[version] ?? 0) * 100) / sum, share);
      }
    }),
  );
});

function service(...routes: readonly unknown[][]): KubernetesObject {
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'fraud', uid: 'u', resourceVersion: '1' },
    spec: { http: routes.map((route) => ({ route })) },
  };
}

function positive(weights: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(weights).filter(([, share]) => share > 0));
}

/** The object without what a patch may change: weights, and destinations behind those that were there. */
function withoutWeights(object: KubernetesObject | null, before: readonly RoutedRule[]): unknown {
  const copy = structuredClone(object) as unknown;
  for (const { at, list, destinations } of before) {
    const rule = at
      .split('/')
      .slice(1)
      .reduce((inside, part) => (inside as Record<string, unknown>)[part], copy) as Record<string, unknown[]>;
    rule[list] = (rule[list] ?? []).slice(0, destinations.length).map((each) => ({ ...(each as object), weight: null }));
  }
  return copy;
}

/** Identity, our marks, and the rules: what a patch was made for. */
function isSeen(object: KubernetesObject, path: readonly string[], before: readonly RoutedRule[]): boolean {
  const pointer = `/${path.join('/')}`;
  const marked = object.metadata.annotations?.['fraud.sofare.dev/fence'] !== undefined;
  if (pointer === '/metadata/uid') return true;
  if (pointer.startsWith('/metadata/annotations/fraud.sofare.dev')) return marked;
  if (pointer === '/metadata/resourceVersion') return !marked;
  return before.some(({ at }) => pointer.startsWith(`${at}/`));
}
