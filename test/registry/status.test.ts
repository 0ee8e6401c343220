import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type StatusChange, statusTransitions, type VersionStatus } from '../../src/model/version.ts';
import { changeStatus } from '../../src/registry/register.ts';
import { findVersion, statusChanges } from '../../src/registry/versions.ts';
import { openStore } from '../contract/store-fixture.ts';
import { problemOf, register } from './fixture.ts';

/** Written out here once more, on purpose: the table itself cannot say that it is right. */
const allowed: Readonly<Record<VersionStatus, Readonly<Record<StatusChange, VersionStatus | null>>>> = {
  draft: { 'promote-to-candidate': 'candidate', 'release': 'released', 'deprecate': 'deprecated' },
  candidate: { 'promote-to-candidate': null, 'release': 'released', 'deprecate': 'deprecated' },
  released: { 'promote-to-candidate': null, 'release': null, 'deprecate': 'deprecated' },
  deprecated: { 'promote-to-candidate': null, 'release': null, 'deprecate': null },
};
const wayTo: Readonly<Record<VersionStatus, readonly StatusChange[]>> = {
  draft: [],
  candidate: ['promote-to-candidate'],
  released: ['release'],
  deprecated: ['deprecate'],
};

test('the table tells of every status', () => {
  assert.deepEqual(Object.keys(statusTransitions).sort(), Object.keys(allowed).sort());
});

for (const status of Object.keys(allowed) as VersionStatus[]) {
  for (const change of Object.keys(allowed[status]) as StatusChange[]) {
    const after = allowed[status][change];
    test(`${change} of a ${status} version ${after === null ? 'is refused' : `makes it ${after}`}`, async (t) => {
      const store = await openStore(t);
      await register(store, '1.0.0', { draft: true });
      const by = (at: number) => ({ actor: 'bob', reason: 'tested', at });
      for (const step of wayTo[status])
        await store.transaction('status', (tx) => changeStatus(tx, 'fraud', '1.0.0', step, by(10)));
      const before = await findVersion(store.read, 'fraud', '1.0.0');
      assert.equal(before?.status, status);
      const changing = store.transaction('status', (tx) => changeStatus(tx, 'fraud', '1.0.0', change, by(20)));
      if (after === null) {
        const problem = await problemOf(changing);
        assert.equal(problem.code, 'version.status');
        assert.match(problem.what, new RegExp(`is ${status}`));
        assert.deepEqual(await findVersion(store.read, 'fraud', '1.0.0'), before);
        return;
      }
      const changed = await changing;
      assert.deepEqual(await findVersion(store.read, 'fraud', '1.0.0'), changed);
      assert.deepEqual(changed, {
        ...before,
        status: after,
        releasedAt: after === 'released' ? 20 : before.releasedAt,
        deprecatedAt: after === 'deprecated' ? 20 : null,
      });
      assert.deepEqual((await statusChanges(store.read, 'fraud', '1.0.0')).at(-1), {
        at: 20,
        change,
        actor: 'bob',
        reason: 'tested',
      });
    });
  }
}

test('changing the status of an unknown version is refused with the nearest names', async (t) => {
  const store = await openStore(t);
  await register(store, '1.0.0');
  const problem = await problemOf(
    store.transaction('status', (tx) => changeStatus(tx, 'fraud', '1.0.1', 'release', { actor: 'a', reason: 'r', at: 1 })),
  );
  assert.equal(problem.code, 'version.unknown');
  assert.match(problem.why, /1\.0\.0/);
});
