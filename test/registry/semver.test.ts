import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareSemver, parseVersion } from '../../src/registry/semver.ts';
import { problemOf } from './fixture.ts';

const number = fc.oneof(fc.nat(12), fc.nat(Number.MAX_SAFE_INTEGER)).map(String);
const word = fc.oneof(number, fc.stringMatching(/^[0-9]{0,2}[A-Za-z-][0-9A-Za-z-]{0,3}$/));
const prerelease = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => `-${words.join('.')}`);
const build = fc
  .array(fc.stringMatching(/^[0-9A-Za-z-]{1,4}$/), { minLength: 1, maxLength: 3 })
  .map((words) => `+${words.join('.')}`);
const version = fc
  .tuple(fc.tuple(number, number, number), fc.option(prerelease, { nil: '' }), fc.option(build, { nil: '' }))
  .map(([core, before, after]) => `${core.join('.')}${before}${after}`);

test('every SemVer 2.0 string is a version', () => {
  fc.assert(fc.property(version, (text) => assert.equal(parseVersion(text).raw, text)));
});

test('the order of versions is total: 0 for the same string alone, opposite when turned round, and transitive', () => {
  // From few, so that equal precedence and equal strings are met.
  const few = fc.constantFrom(
    '1.0.0',
    '1.0.0+a',
    '1.0.0+b',
    '1.0.0-rc.1',
    '1.0.0-rc.1+a',
    '1.0.0-rc.10',
    '1.0.0-rc.2',
    '1.0.0-rc',
    '1.0.0-1',
    '2.0.0',
  );
  const any = fc.oneof(few, version);
  fc.assert(
    fc.property(any, any, any, (a, b, c) => {
      assert.equal(compareSemver(a, b) === 0, a === b);
      assert.equal(Math.sign(compareSemver(a, b)), -Math.sign(compareSemver(b, a)) + 0);
      if (compareSemver(a, b) <= 0 && compareSemver(b, c) <= 0) assert.ok(compareSemver(a, c) <= 0);
    }),
    { numRuns: 2000 },
  );
});

test('the precedence is the one that SemVer 2.0 gives in its examples', () => {
  const rising = [
    '1.0.0-alpha',
    '1.0.0-alpha.1',
    '1.0.0-alpha.beta',
    '1.0.0-beta',
    '1.0.0-beta.2',
    '1.0.0-beta.11',
    '1.0.0-rc.1',
    '1.0.0',
    '2.0.0',
    '2.1.0',
    '2.1.1',
  ];
  assert.deepEqual(rising.toReversed().toSorted(compareSemver), rising);
});

test('versions that differ only in build metadata are two keys, one after the other', () => {
  assert.deepEqual(['1.0.0+b', '1.0.1', '1.0.0', '1.0.0+a'].toSorted(compareSemver), ['1.0.0', '1.0.0+a', '1.0.0+b', '1.0.1']);
});

test('a prerelease with a hyphen is a version', () => {
  assert.deepEqual(parseVersion('1.0.0-rc-1.x').prerelease, ['rc-1', 'x']);
});

for (const text of [
  '',
  '1',
  '1.2',
  '1.2.3.4',
  'latest',
  '01.2.3',
  '1.02.3',
  '1.2.03',
  '1.2.3-01',
  '1.2.3-',
  '1.2.3+',
  '1.2.3-a..b',
  '1.2.3-ä',
  '-1.2.3',
  '../1.2.3',
  '1.2.3/..',
  '1.2.3\n',
  ' 1.2.3',
  '1.2.3 ',
  'v1.2.3',
  '=1.2.3',
  '1.2.3\0',
  '1.2.x',
  '99999999999999999999.0.0',
  `1.0.0-${'a'.repeat(300)}`,
]) {
  test(`${JSON.stringify(text.slice(0, 30))} is refused as a version`, async () => {
    const problem = await problemOf(() => parseVersion(text));
    assert.equal(problem.code, 'version.invalid');
    assert.equal(problem.touched, 'no');
    assert.ok(problem.what.length < 200);
  });
}

test('a leading v is refused with the version that was meant', async () => {
  assert.equal((await problemOf(() => parseVersion('v1.2.0'))).next, 'did you mean 1.2.0?');
});
