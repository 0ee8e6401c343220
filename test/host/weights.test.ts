import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chooseArm, sharesOf } from '../../src/host/arm.ts';
import { ProblemError } from '../../src/model/errors.ts';
import { send } from './fixtures/send.ts';
import { TestHost } from './fixtures/test-host.ts';

const many = 100_000;

/** How far a count may be from its mean by chance: six standard deviations of a binomial. */
function tolerance(share: number): number {
  return 6 * Math.sqrt(many * (share / 100) * (1 - share / 100));
}

test('in the long run each version gets its share, whatever the ids look like', () => {
  const makers: readonly ((index: number) => string)[] = [
    (index) => `r${index}`,
    (index) => `0000-${index.toString(16).padStart(8, '0')}`,
    (index) => `${'x'.repeat(150)}${index}`,
  ];
  for (const make of makers) {
    for (const weights of [
      { a: 90, b: 10 },
      { a: 50, b: 50 },
      { a: 33.3, b: 33.3, c: 33.4 },
      { a: 99.5, b: 0.5 },
    ]) {
      const shares = sharesOf(weights);
      const counts = new Map<string, number>();
      for (let index = 0; index < many; index += 1) {
        const version = chooseArm(shares, 'seed', make(index)) ?? 'none';
        counts.set(version, (counts.get(version) ?? 0) + 1);
      }
      for (const [version, share] of shares) {
        assert.ok(
          Math.abs((counts.get(version) ?? 0) - (many * share) / 100) <= tolerance(share),
          `${version} of ${JSON.stringify(weights)} got ${counts.get(version)} of ${many}`,
        );
      }
    }
  }
});

test('an id that went to the growing version stays there while it grows', () => {
  const share = fc.integer({ min: 1, max: 100 });
  fc.assert(
    fc.property(fc.string(), fc.string(), share, share, (id, seed, one, other) => {
      const [low, high] = [Math.min(one, other), Math.max(one, other)];
      const at = (newer: number): string | null => chooseArm(sharesOf({ '1.2.0': 100 - newer, '1.3.0': newer }), seed, id);
      assert.ok(at(low) !== '1.3.0' || at(high) === '1.3.0');
      assert.equal(at(100), '1.3.0');
    }),
  );
});

test('nothing is chosen where nothing has a share, and a version without one is never chosen', () => {
  assert.equal(chooseArm(sharesOf({}), 'seed', 'id'), null);
  fc.assert(fc.property(fc.string(), (id) => chooseArm(sharesOf({ a: 0, b: 100, c: 0 }), 'seed', id) === 'b'));
});

test('the same request id meets the same version, on any connection', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0'), host.version('2.0.0')]);
  await host.route({ '1.0.0': 70, '2.0.0': 30 });
  const versions = async (): Promise<readonly unknown[]> => {
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        send(`${address}/v2/models/m/infer`, { headers: { 'x-request-id': `id-${index}` } }),
      ),
    );
    return answers.map(({ headers }) => headers['x-sofare-version']);
  };
  const first = await versions();
  assert.deepEqual(await versions(), first);
  assert.deepEqual(
    first,
    Array.from({ length: 200 }, (_, index) => chooseArm(sharesOf({ '1.0.0': 70, '2.0.0': 30 }), 'seed', `id-${index}`)),
  );
});

test('weights that make no sense, or point at what is not ready, change nothing', async () => {
  await using host = await TestHost.start();
  await host.full([host.version('1.0.0')]);
  await host.want([host.version('2.0.0', { BEHAVIOUR: 'never-ready' })]);
  const refused = async (weights: Readonly<Record<string, number>>, code: string): Promise<void> => {
    await assert.rejects(host.route(weights), (error) => error instanceof ProblemError && error.problem.code === code);
  };
  await refused({ '1.0.0': 90 }, 'usage');
  await refused({ '1.0.0': 110, '2.0.0': -10 }, 'usage');
  await refused({ '1.0.0': 90, '2.0.0': 10 }, 'target.not-ready');
  await refused({ '9.0.0': 100 }, 'target.not-ready');
  await assert.rejects(host.retire('1.0.0'), (error) => error instanceof ProblemError && error.problem.code === 'check.refused');
  assert.deepEqual((await host.hosted()).weights, { '1.0.0': 100 });
  await host.route({});
  assert.deepEqual((await host.hosted()).weights, {});
});

test('where users are counted all requests of one meet the same version, and each is counted once', async () => {
  await using host = await TestHost.start();
  const address = await host.full([host.version('1.0.0'), host.version('2.0.0')], { unit: 'x-user-id' });
  await host.route({ '1.0.0': 50, '2.0.0': 50 });
  const before = (await host.counters()).arms;
  const met = new Map<string, Set<unknown>>();
  await Promise.all(
    Array.from({ length: 120 }, async (_, index) => {
      const user = `user-${index % 12}`;
      const { headers } = await send(`${address}/v2/models/m/infer`, { headers: { 'x-user-id': user } });
      met.set(user, (met.get(user) ?? new Set()).add(headers['x-sofare-version']));
    }),
  );
  assert.deepEqual(
    [...met.values()].map((versions) => versions.size),
    Array.from({ length: 12 }, () => 1),
  );
  const { arms } = await host.counters();
  const grown = (version: string): number => (arms[version]?.units?.seen ?? 0) - (before[version]?.units?.seen ?? 0);
  const users = (version: string): number => [...met.values()].filter((versions) => versions.has(version)).length;
  assert.ok(users('1.0.0') > 0 && users('2.0.0') > 0);
  assert.deepEqual([grown('1.0.0'), grown('2.0.0')], [users('1.0.0'), users('2.0.0')]);
});
