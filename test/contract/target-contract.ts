import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TargetObservation, VersionObservation, Weights } from '../../src/model/observation.ts';
import { type Problem, ProblemError } from '../../src/model/errors.ts';
import type { ModelVersion } from '../../src/model/version.ts';
import type { Target } from '../../src/ports/target.ts';

/** A target on which nothing of the service runs yet. */
export interface Targeted extends AsyncDisposable {
  readonly target: Target;
  version(version: string): ModelVersion;
  /** A version whose copies never come up. */
  hopeless(version: string): ModelVersion;
  /** Gives versions shares of the traffic, past the target. */
  route(weights: Weights): Promise<void>;
}

const { signal } = new AbortController();
const patience = 60_000;

/** What the executor relies on, wherever versions run. */
export function targetContract(name: string, make: () => Promise<Targeted>): void {
  test(`${name}: what was declared runs after a while, with as many ready copies as were wanted, under the fence of the write`, async () => {
    await using targeted = await make();
    await apply(targeted, '1.0.0', { copies: 2, fence: 5 });
    const { fence, versions } = await until(targeted, (seen) => ready(seen, '1.0.0') === 2);
    assert.equal(fence, 5);
    const { version, bundleDigest, wanted, failed, copies } = versions['1.0.0']!;
    assert.deepEqual([version, bundleDigest, wanted, failed], ['1.0.0', targeted.version('1.0.0').bundleDigest, 2, null]);
    assert.equal(new Set(copies.map(({ id }) => id)).size, 2);
    for (const { address } of copies) assert.match(address ?? '', /^http:\/\/.+:\d+$/);
  });

  test(`${name}: the same write twice is the same write`, async () => {
    await using targeted = await make();
    await apply(targeted, '1.0.0', { key: 'op/0' });
    const before = await until(targeted, (seen) => ready(seen, '1.0.0') === 1);
    await apply(targeted, '1.0.0', { key: 'op/0' });
    const after = await targeted.target.observe(signal);
    assert.deepEqual(ids(after.versions['1.0.0']), ids(before.versions['1.0.0']));
  });

  test(`${name}: two versions run side by side, and fresh copies of one are told apart from it`, async () => {
    await using targeted = await make();
    await apply(targeted, '1.0.0', { key: 'op/0' });
    await apply(targeted, '1.1.0', { key: 'op/1' });
    await apply(targeted, '1.0.0', { key: 'op/2', as: '1.0.0@fresh' });
    const names = ['1.0.0', '1.0.0@fresh', '1.1.0'];
    const { versions } = await until(targeted, (seen) => names.every((each) => ready(seen, each) === 1));
    assert.deepEqual(Object.keys(versions).toSorted(), names);
    assert.equal(versions['1.0.0@fresh']?.bundleDigest, versions['1.0.0']?.bundleDigest);
    assert.equal(new Set(names.flatMap((each) => ids(versions[each]))).size, 3);
  });

  test(`${name}: a fence below the highest seen is refused, for another version too, and nothing has changed`, async () => {
    await using targeted = await make();
    await apply(targeted, '1.0.0', { fence: 7 });
    await until(targeted, (seen) => ready(seen, '1.0.0') === 1);
    assert.equal((await refusal(apply(targeted, '1.1.0', { fence: 6 }))).code, 'superseded');
    assert.equal((await refusal(apply(targeted, '1.0.0', { fence: 6, copies: 3 }))).code, 'superseded');
    assert.equal((await refusal(targeted.target.retire('1.0.0', 'retire/1.0.0/6', 6, signal))).code, 'superseded');
    const { fence, versions } = await targeted.target.observe(signal);
    assert.deepEqual([fence, Object.keys(versions), versions['1.0.0']?.wanted], [7, ['1.0.0'], 1]);
  });

  test(`${name}: a version without a share is stopped, again is no error, and it comes back when it is wanted`, async () => {
    await using targeted = await make();
    await apply(targeted, '1.0.0', { key: 'op/0' });
    await apply(targeted, '1.1.0', { key: 'op/1' });
    await until(targeted, (seen) => ready(seen, '1.0.0') === 1 && ready(seen, '1.1.0') === 1);
    await targeted.route({ '1.1.0': 100 });
    for (const repeat of [1, 2]) await targeted.target.retire('1.0.0', `retire/1.0.0/${repeat}`, 1, signal);
    const { versions } = await until(targeted, (seen) => seen.versions['1.0.0'] === undefined);
    assert.equal(ready({ fence: 0, versions }, '1.1.0'), 1);
    await apply(targeted, '1.0.0', { key: 'op/2', returns: true });
    const back = await until(targeted, (seen) => ready(seen, '1.0.0') === 1);
    assert.equal(back.versions['1.0.0']?.bundleDigest, targeted.version('1.0.0').bundleDigest);
  });

  test(`${name}: a version with a share is not stopped`, async () => {
    await using targeted = await make();
    await apply(targeted, '1.0.0', { key: 'op/0' });
    await apply(targeted, '1.1.0', { key: 'op/1' });
    await until(targeted, (seen) => ready(seen, '1.0.0') === 1 && ready(seen, '1.1.0') === 1);
    await targeted.route({ '1.0.0': 100 });
    const problem = await refusal(targeted.target.retire('1.0.0', 'retire/1.0.0/1', 1, signal));
    assert.equal(problem.code, 'check.refused');
    assert.equal(ready(await targeted.target.observe(signal), '1.0.0'), 1);
  });

  test(`${name}: a version that cannot come up is given up with a reason, and the other one runs on`, async () => {
    await using targeted = await make();
    await apply(targeted, '1.0.0', { key: 'op/0' });
    await until(targeted, (seen) => ready(seen, '1.0.0') === 1);
    const version = targeted.hopeless('1.1.0');
    const workload = { version, name: '1.1.0', copies: 1, artifacts: null, returns: false };
    await targeted.target.apply(workload, 'op/1', 1, signal);
    const { versions } = await until(targeted, (seen) => (seen.versions['1.1.0']?.failed ?? null) !== null);
    assert.match(versions['1.1.0']?.failed ?? '', /\w+ \w+/);
    assert.equal(ready({ fence: 0, versions }, '1.1.0'), 0);
    assert.deepEqual([versions['1.0.0']?.failed, ready({ fence: 0, versions }, '1.0.0')], [null, 1]);
  });
}

interface Applied {
  readonly copies?: number;
  readonly fence?: number;
  readonly key?: string;
  readonly as?: string;
  readonly returns?: boolean;
}

async function apply({ target, version }: Targeted, name: string, applied: Applied): Promise<void> {
  const { copies = 1, fence = 1, key = 'op/0', as = name, returns = false } = applied;
  await target.apply({ version: version(name), name: as, copies, artifacts: null, returns }, key, fence, signal);
}

/** Observes after each hint, until what is seen is so. */
async function until({ target }: Targeted, holds: (seen: TargetObservation) => boolean): Promise<TargetObservation> {
  const limit = performance.now() + patience;
  for (;;) {
    const seen = await target.observe(signal);
    if (holds(seen)) return seen;
    assert.ok(performance.now() < limit, `it is not so: ${JSON.stringify(seen)}`);
    await target.changes(2_000, signal);
  }
}

function ready({ versions }: TargetObservation, name: string): number {
  return versions[name]?.copies.filter((copy) => copy.ready).length ?? 0;
}

function ids(version: VersionObservation | undefined): readonly string[] {
  return (version?.copies ?? []).map(({ id }) => id).toSorted();
}

async function refusal(work: Promise<unknown>): Promise<Problem> {
  const error = await work.then(
    () => null,
    (each: unknown) => each,
  );
  assert.ok(error instanceof ProblemError, `nothing was refused: ${String(error)}`);
  assert.equal(error.problem.touched, 'no');
  return error.problem;
}
