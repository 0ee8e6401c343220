import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ModelVersionManager, ProblemError } from '../../src/index.ts';

/** The defects that were seen by running the version manager whose place this one takes, one test each, where the library shows it. */
async function manager(): Promise<ModelVersionManager> {
  return ModelVersionManager.open({ model: 'sofarem3', registry: mkdtempSync(join(tmpdir(), 'sofare-library-')) });
}

async function released(versions: ModelVersionManager, count: number, deployed: number): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    const { version } = await versions.createRelease();
    await versions.releaseVersion(version);
    if (number < deployed) await versions.deployToProduction(version);
  }
}

const problem = (code: string) => (error: unknown) =>
  error instanceof ProblemError && error.problem.code === code && error.problem.touched === 'no';

test('rollback goes to what was in production, not to the highest released version, and the candidates say the same', async () => {
  await using versions = await manager();
  await released(versions, 3, 2);
  assert.deepEqual(
    (await versions.getRollbackCandidates()).map(({ version }) => version),
    ['1.0.0'],
  );
  assert.equal((await versions.rollback()).version, '1.0.0');
  assert.equal((await versions.getProductionVersion())?.version, '1.0.0');
});

test('a drill comes back to the version it began with', async () => {
  await using versions = await manager();
  await released(versions, 2, 2);
  const before = await versions.getProductionVersion();
  await versions.rollback({ reason: 'drill' });
  assert.equal((await versions.deployToProduction('1.0.1', { overrides: ['hold', 'quarantine'] })).version, before?.version);
});

test('a rollback to the version in production, to a draft or to an unknown one leaves production as it is', async () => {
  await using versions = await manager();
  await released(versions, 2, 2);
  assert.equal((await versions.rollback({ to: '1.0.1' })).version, '1.0.1');
  const draft = await versions.createRelease({ prerelease: 'rc.1' });
  await assert.rejects(versions.rollback({ to: draft.version }), problem('version.status'));
  await assert.rejects(versions.rollback({ to: '7.0.0' }), problem('version.unknown'));
  assert.equal((await versions.getProductionVersion())?.version, '1.0.1');
});

test('a version that was rolled back is refused by name, and production never becomes none', async () => {
  await using versions = await manager();
  await released(versions, 2, 2);
  await versions.rollback();
  await assert.rejects(versions.rollback({ to: '1.0.1' }), problem('check.refused'));
  await assert.rejects(versions.deprecateVersion('1.0.0', 'emergency'), problem('version.status'));
  assert.equal((await versions.getProductionVersion())?.version, '1.0.0');
});

test('two managers lose no update, and the loser of a race is told', async () => {
  const registry = mkdtempSync(join(tmpdir(), 'sofare-library-'));
  await using one = await ModelVersionManager.open({ model: 'sofarem3', registry });
  await using other = await ModelVersionManager.open({ model: 'sofarem3', registry });
  await released(one, 3, 1);
  const outcomes = await Promise.allSettled([
    one.deployToProduction('1.0.1', { expectedCurrent: '1.0.0' }),
    other.deployToProduction('1.0.2', { expectedCurrent: '1.0.0' }),
  ]);
  const won = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.version] : []));
  assert.equal(won.length, 1);
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected') assert.match(String(outcome.reason), /plan\.stale|from\.differs|lane\.taken/);
  }
  assert.equal((await other.getProductionVersion())?.version, won[0]);
});

test('what a version is made of is kept with it, and its digest is of the files', async () => {
  await using versions = await manager();
  const file = join(mkdtempSync(join(tmpdir(), 'sofare-model-')), 'weights.bin');
  writeFileSync(file, 'one');
  const first = await versions.createRelease({ paths: [file], run: 'the same run' });
  writeFileSync(file, 'two');
  const second = await versions.createRelease({ paths: [file], run: 'the same run' });
  assert.notEqual(first.bundleDigest, second.bundleDigest);
  assert.deepEqual(
    first.bundle.artifacts.map(({ kind, size }) => [kind, size]),
    [['stored', 3]],
  );
});

test('a changelog needs neither of its ends, and the bump counts accuracy by whichever name', async () => {
  await using versions = await manager();
  await versions.createRelease({ changelog: 'first', metrics: { test_accuracy: 0.5 } });
  await versions.deployToProduction('1.0.0');
  await versions.createRelease({ changelog: 'second' });
  assert.match(await versions.generateChangelog({ to: '1.0.0' }), /first/);
  assert.match(await versions.generateChangelog(), /second[\s\S]*first/);
  assert.equal((await versions.determineVersionBump({ test_accuracy: 0.6 })).bump, 'minor');
  assert.equal((await versions.determineVersionBump({ test_accuracy: 0.5 }, { architecture: true })).bump, 'major');
});
