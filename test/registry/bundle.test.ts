import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Bundle } from '../../src/model/version.ts';
import { bundleDigest, canonicalBundle, canonicalJson } from '../../src/registry/bundle.ts';
import { digestOf, problemOf } from './fixture.ts';

const words = fc.dictionary(fc.string({ maxLength: 4 }), fc.string({ maxLength: 4 }), { maxKeys: 4 });
const bundle: fc.Arbitrary<Bundle> = fc.record({
  artifacts: fc.uniqueArray(
    fc.constantFrom('a', 'b/c', 'ü', '☃').map((path) => ({ kind: 'stored' as const, path, digest: digestOf(path), size: 3 })),
    {
      selector: ({ path }) => path,
    },
  ),
  image: fc.option(fc.constant(`registry/model@${digestOf('image')}`), { nil: null }),
  configuration: words,
  environment: words,
  schema: fc.option(fc.record({ input: fc.jsonValue(), output: fc.jsonValue() }), { nil: null }),
  migrations: fc.array(fc.string({ maxLength: 3 }), { maxLength: 3 }),
});

function byName({ artifacts }: Bundle): readonly string[] {
  return artifacts.map((artifact) => JSON.stringify(artifact, ['kind', 'path', 'uri', 'digest', 'size'])).sort();
}

function turnedRound(value: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(value).toReversed());
}

test('the digest does not depend on the order in which things were named', () => {
  fc.assert(
    fc.property(bundle, (one) => {
      const other: Bundle = {
        migrations: one.migrations,
        schema: one.schema,
        environment: turnedRound(one.environment),
        configuration: turnedRound(one.configuration),
        image: one.image,
        artifacts: one.artifacts.toReversed(),
      };
      assert.equal(bundleDigest(other), bundleDigest(one));
    }),
  );
});

test('the canonical form says all there is, so that different bundles have different digests', () => {
  fc.assert(
    fc.property(bundle, (one) => {
      const back = JSON.parse(canonicalBundle(one)) as Bundle;
      assert.equal(canonicalBundle(back), canonicalBundle(one));
      assert.deepEqual(byName(back), byName(one));
      assert.deepEqual({ ...back, artifacts: [] }, JSON.parse(JSON.stringify({ ...one, artifacts: [] })));
    }),
  );
});

test('the digest is pinned: registries of today must be readable tomorrow', () => {
  const pinned: Bundle = {
    artifacts: [
      { kind: 'stored', path: 'model.bin', digest: digestOf('a'), size: 1 },
      { kind: 'referenced', uri: 's3://bucket/large', digest: digestOf('b'), size: 5_000_000_000 },
    ],
    image: null,
    configuration: { b: '2', a: '1' },
    environment: {},
    schema: { input: { type: 'array' }, output: 1.5 },
    migrations: ['add-column'],
  };
  assert.equal(
    canonicalBundle(pinned),
    `{"artifacts":[{"digest":"${digestOf('b')}","kind":"referenced","size":5000000000,"uri":"s3://bucket/large"},{"digest":"${digestOf('a')}","kind":"stored","path":"model.bin","size":1}],"configuration":{"a":"1","b":"2"},"environment":{},"image":null,"migrations":["add-column"],"schema":{"input":{"type":"array"},"output":1.5}}`,
  );
});

test('the same name twice, a digest that is none, a size that is none and what JSON cannot say are refused', async () => {
  const empty = { artifacts: [], image: null, configuration: {}, environment: {}, schema: null, migrations: [] };
  const file = { kind: 'stored', path: 'a', digest: digestOf('a'), size: 1 } as const;
  for (const wrong of [
    { ...empty, artifacts: [file, { ...file, digest: digestOf('b') }] },
    { ...empty, artifacts: [{ ...file, digest: 'sha256:abc' }] },
    { ...empty, artifacts: [{ ...file, digest: digestOf('a').toUpperCase() }] },
    { ...empty, artifacts: [{ ...file, digest: `md5:${'a'.repeat(64)}` }] },
    { ...empty, artifacts: [{ ...file, size: -1 }] },
    { ...empty, artifacts: [{ ...file, size: Number.NaN }] },
    { ...empty, schema: { input: Number.NaN, output: null } },
    { ...empty, schema: { input: undefined, output: null } },
  ]) {
    assert.equal((await problemOf(() => bundleDigest(wrong))).code, 'artifact.refused');
  }
});

test('keys are sorted at every depth', () => {
  assert.equal(canonicalJson({ b: [{ d: 1, c: 2 }], a: null }), '{"a":null,"b":[{"c":2,"d":1}]}');
});
