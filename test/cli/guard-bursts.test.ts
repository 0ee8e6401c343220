import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Load } from '../fixtures/load.ts';
import { configuration, Local } from '../fixtures/local.ts';

/** A day in which the stable version's errors came about three at once: a minute's count differs from the next one's by as much as that makes. */
const day = { minutes: 1_440, errors: 1_440, squares: 2 * 5 * 1_440 };

test('a guard counts errors as many at once as those of the stable version came before, and a second try as many as the first', async () => {
  await using local = new Local({ yaml: configuration(1, '    guard: { deadline: 4s }\n') });
  await local.must(0, 'up', '--unsupervised');
  await local.must(0, 'register', '1.0.0', local.model('1.0.0'));
  await local.must(0, 'register', '1.1.0', local.model('1.1.0'));
  await local.must(0, 'deploy', '1.0.0', '-y');
  const before = new Load((await local.service()).address, 100);
  await before.answered(20);
  await before.stop();
  await local.must(0, 'down');
  // As if it had served for a day.
  const file = join(local.directory, '.sofare', 'host', 'counters.json');
  const counts = JSON.parse(readFileSync(file, 'utf8'));
  counts['fraud-scorer'].arms['1.0.0'].bursts = day;
  writeFileSync(file, JSON.stringify(counts));
  await local.must(0, 'up', '--unsupervised');
  const tried = ['deploy', '1.1.0', '--steps', '10,100', '--every', '60s', '-y', '-o', 'json'];
  const first = await local.run(tried);
  assert.equal(first.code, 11, first.errors);
  const { policy } = JSON.parse(first.output).operation.guard;
  assert.equal(policy.estimated, true);
  assert.ok(policy.dispersion > 5 && policy.dispersion < 6, String(policy.dispersion));
  await local.must(0, 'abort', '-y');
  const second = await local.run(tried);
  const again = JSON.parse(second.output).operation.guard;
  assert.deepEqual([again.policy.dispersion, again.state.carried.try], [policy.dispersion, 2]);
});
