import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { JsonPatchOperation, KubernetesObject } from '../../src/adapters/kit/kubernetes/kubernetes-object.ts';
import { pausePatch, releasePatch } from '../../src/adapters/owner/pause-patch.ts';
import { applyPatch } from '../traffic/apply-patch.ts';

const word = fc.string({ minLength: 1, maxLength: 6 });
const annotations = fc.option(fc.dictionary(word, word, { noNullPrototype: true, minKeys: 1, maxKeys: 2 }), { nil: undefined });
const automated = fc.record({ prune: fc.boolean(), selfHeal: fc.boolean() }, { noNullPrototype: true });

function object(kind: string, spec: unknown, written: Readonly<Record<string, string>> | undefined): KubernetesObject {
  return {
    apiVersion: 'x/v1',
    kind,
    metadata: { name: 'shop', uid: 'u', ...(written === undefined ? {} : { annotations: written }) },
    spec,
  };
}

const application = fc
  .tuple(automated, annotations, fc.boolean())
  .map(([sync, written, more]) =>
    object('Application', { source: 'git', syncPolicy: { automated: sync, ...(more ? { retry: { limit: 2 } } : {}) } }, written),
  );
const kustomization = annotations.map((written) => object('Kustomization', { path: './apps', interval: '1m' }, written));

test('what is paused and let go on is as it was', () => {
  fc.assert(
    fc.property(fc.oneof(application, kustomization), (before) => {
      const paused = applied(before, pausePatch(before, 'fraud'));
      assert.equal(works(paused), false);
      assert.equal(pausePatch(paused, 'fraud'), null);
      assert.deepEqual(withoutEmpty(applied(paused, releasePatch(paused, 'fraud'))), withoutEmpty(before));
    }),
  );
});

test('what two services want paused goes on when the second lets it, in whatever order', () => {
  fc.assert(
    fc.property(fc.oneof(application, kustomization), fc.boolean(), (before, swapped) => {
      const one = applied(before, pausePatch(before, 'fraud'));
      const both = applied(one, pausePatch(one, 'churn'));
      const [first, second] = swapped ? ['fraud', 'churn'] : ['churn', 'fraud'];
      const left = applied(both, releasePatch(both, first ?? ''));
      assert.equal(works(left), false);
      assert.deepEqual(withoutEmpty(applied(left, releasePatch(left, second ?? ''))), withoutEmpty(before));
    }),
  );
});

test('what its owner had paused himself is neither paused nor let go on by us', () => {
  const suspended = object('Kustomization', { suspend: true }, undefined);
  const manual = object('Application', { syncPolicy: {} }, undefined);
  for (const each of [suspended, manual]) {
    assert.equal(pausePatch(each, 'fraud'), null);
    assert.equal(releasePatch(each, 'fraud'), null);
  }
});

test('what somebody has set anew while it was paused stands', () => {
  const before = object('Application', { syncPolicy: { automated: { prune: true } } }, undefined);
  const paused = applied(before, pausePatch(before, 'fraud'));
  const anew = { ...paused, spec: { syncPolicy: { automated: { prune: false } } } };
  assert.deepEqual(applied(anew, releasePatch(anew, 'fraud'))['spec'], { syncPolicy: { automated: { prune: false } } });
});

test('what was changed since it was looked at is not paused: it is looked at again', () => {
  const before = object('Application', { syncPolicy: { automated: { prune: true } } }, undefined);
  const changed = { ...before, spec: { syncPolicy: { automated: { prune: false } } } };
  assert.equal(applyPatch(changed, pausePatch(before, 'fraud') ?? []), null);
});

function applied(before: KubernetesObject, operations: readonly JsonPatchOperation[] | null): KubernetesObject {
  assert.ok(operations);
  const after = applyPatch(before, operations);
  assert.ok(after);
  return after;
}

function works({ spec, kind }: KubernetesObject): boolean {
  const { suspend, syncPolicy } = spec as { suspend?: boolean; syncPolicy?: { automated?: unknown } };
  return kind === 'Application' ? syncPolicy?.automated !== undefined : suspend !== true;
}

/** An API server keeps no empty map of annotations. */
function withoutEmpty({ metadata, ...more }: KubernetesObject): unknown {
  const { annotations: written, ...rest } = metadata;
  return { ...more, metadata: Object.keys(written ?? {}).length > 0 ? { ...rest, annotations: written } : rest };
}
