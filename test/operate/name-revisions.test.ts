import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from '../../src/model/errors.ts';
import { nameRevisions } from '../../src/operate/name-revisions.ts';
import type { PastRevision } from '../../src/ports/past.ts';

function past(revision: number, changes: Partial<PastRevision> = {}): PastRevision {
  return {
    revision,
    since: revision,
    serves: false,
    image: 'i',
    lacks: null,
    digest: 'd',
    called: null,
    cause: null,
    ...changes,
  };
}

function named(revisions: readonly PastRevision[], given: Readonly<Record<string, string>> = {}) {
  const { named: found, left } = nameRevisions(revisions, '2.0.0', given);
  return { found: found.map(({ past: { revision }, version }) => [revision, version]), left };
}

test('what serves has the name that the person says; earlier ones theirs, or that of their labels or tag', () => {
  const { found, left } = named([past(1), past(2, { called: '1.1.0' }), past(3, { called: '1.9.0' })], { 1: '1.0.0' });
  assert.deepEqual(found, [
    [1, '1.0.0'],
    [2, '1.1.0'],
    [3, '2.0.0'],
  ]);
  assert.deepEqual(left, []);
});

test('no two revisions are one version: the later one keeps the name, the other is left out and says how to name it', () => {
  const { found, left } = named([past(1, { called: '1.0.0' }), past(2, { called: '1.0.0' }), past(3)]);
  assert.deepEqual(found, [
    [2, '1.0.0'],
    [3, '2.0.0'],
  ]);
  assert.deepEqual(left, [{ revision: 1, why: 'revision 2 is 1.0.0 too; --revision 1=VERSION tells them apart' }]);
});

test('what could not come back as it was, or has no name, is left out with the reason', () => {
  const { found, left } = named([past(1, { lacks: 'its image is a tag' }), past(2), past(3)], { 1: '1.0.0' });
  assert.deepEqual(found, [[3, '2.0.0']]);
  assert.deepEqual(
    left.map(({ revision }) => revision),
    [1, 2],
  );
});

test('a revision that ran twice is one version in both places', () => {
  const { found } = named([past(3), past(2, { called: '1.1.0' }), past(3, { serves: true })]);
  assert.deepEqual(found, [
    [3, '2.0.0'],
    [2, '1.1.0'],
    [3, '2.0.0'],
  ]);
});

test('nothing is adopted whose image nobody knows, by a revision that is not there, or under a name that is no version', () => {
  const code = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      if (error instanceof ProblemError) return error.problem.code;
    }
    return 'none';
  };
  assert.equal(
    code(() => named([past(1, { lacks: 'a tag' })])),
    'target.refused',
  );
  assert.equal(
    code(() => named([])),
    'target.refused',
  );
  assert.equal(
    code(() => named([past(1)], { 7: '1.0.0' })),
    'version.unknown',
  );
  assert.equal(
    code(() => named([past(1), past(2)], { 1: 'old' })),
    'version.invalid',
  );
});
