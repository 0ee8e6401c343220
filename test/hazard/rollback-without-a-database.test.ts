import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Load } from '../fixtures/load.ts';
import { agreed, breakRegistry, flipBits, inProduction, rowsOf, snapshot, takenBack } from './broken-glass.ts';
import { killedAt } from './ended-at.ts';

test('rollback-without-a-database: traffic goes back, the output says so, and the registry follows when it is there again', async () => {
  await using local = await inProduction();
  const { address } = await local.service();
  await using load = new Load(address, 50);
  const restore = breakRegistry(local);
  const deploy = await local.run(['deploy', '1.1.0', '-y', '-o', 'json']);
  assert.deepEqual([deploy.code, JSON.parse(deploy.output).code], [4, 'registry.damaged']);
  const planned = await local.must(6, 'rollback', '--plan');
  assert.match(planned.output, /break-glass: .* pointer and\s+history\s+follow/s);
  const folder = join(local.directory, '.sofare', 'host', 'break-glass');
  assert.deepEqual(readdirSync(folder), [], 'a plan that was only looked at leaves no journal');
  const ended = await local.must(0, 'rollback', '--reason', 'scores are wrong', '-o', 'json');
  const { operation, breakGlass, incident } = JSON.parse(ended.output);
  assert.deepEqual([operation.state, operation.verified, operation.plan.to, incident], ['completed', true, '1.1.0', null]);
  assert.match(breakGlass, /is damaged/);
  // Pressed again, it is the same one.
  assert.match((await local.must(0, 'rollback')).output, /Nothing to do.*still has 100 %/s);
  restore();
  assert.deepEqual(await agreed(local), takenBack);
  const { incidents } = await local.document('incident', 'list');
  assert.equal(incidents.length, 1);
  const shown = (await local.must(0, 'incident', 'show', '1')).output;
  assert.match(shown, /scores are wrong/);
  assert.match(shown, /1\.2\.0/);
  const { operations, events } = rowsOf(local);
  assert.ok(operations.some(({ id, state }) => id === operation.id && state === 'completed'));
  const told = events.filter((event) => event.operation === operation.id).map(({ kind }) => kind);
  assert.ok(told.includes('intended'), `the record alone tells of it, its own journal was not taken in: ${told.join(', ')}`);
  await load.stop();
  assert.deepEqual(load.lost, []);
});

test('damaged-database-breaks-the-glass: bits that differ are named, and traffic goes back all the same', async () => {
  await using local = await inProduction();
  const restore = snapshot(local);
  flipBits(local);
  const ended = await local.must(0, 'rollback', '-o', 'json');
  assert.match(JSON.parse(ended.output).breakGlass, /differs from its checksum|malformed|damaged|cannot be read back/);
  restore();
  assert.deepEqual(await agreed(local), takenBack);
});

test('imported-once-though-killed-in-between: before and after its commit, and before the stamp comes off', async () => {
  await using local = await inProduction();
  const restore = breakRegistry(local);
  await local.must(0, 'rollback');
  restore();
  for (const point of ['import.before-commit', 'import.after-commit', 'record.before-swap'])
    await killedAt(local, ['resume', '--due'], point);
  assert.deepEqual(await agreed(local), takenBack);
  const rows = rowsOf(local);
  assert.deepEqual(rows.operations.filter(({ kind }) => kind === 'rollback').length, 1);
  assert.equal(rows.incidents, 1);
  assert.equal(new Set(rows.journal).size, rows.journal.length, 'no row of the journal came twice');
  assert.equal(new Set(rows.history).size, rows.history.length, 'no event of the history came twice');
  assert.deepEqual(rows.imported, ['rollback'], 'what was imported is marked, and nothing else');
});

test('a rollback that is killed without the registry is gone on with without it', async () => {
  await using local = await inProduction();
  const restore = breakRegistry(local);
  await killedAt(local, ['rollback'], 'route.after-apply');
  await local.must(0, 'resume');
  restore();
  assert.deepEqual(await agreed(local), takenBack);
});

test('a rollback that was killed with the registry is gone on with without it', async () => {
  await using local = await inProduction();
  await killedAt(local, ['rollback'], 'route.after-apply');
  const restore = breakRegistry(local);
  await local.must(0, 'rollback');
  restore();
  assert.deepEqual(await agreed(local), takenBack);
});
