import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configuration, Local } from '../fixtures/local.ts';

test('down stays down, also while the supervisor is at a task', async () => {
  await using local = new Local({ yaml: configuration(1).replace('for: 0s, requests: 0', 'for: 1s, requests: 1000000') });
  await local.must(0, 'register', '1.0.0', local.model('1.0.0'));
  await local.must(0, 'deploy', '1.0.0', '-y');
  // The bake never has its requests, so a task is due about every second.
  const deadline = Date.now() + 20_000;
  let attempts = 0;
  while (attempts < 2 && Date.now() < deadline) {
    const { reports } = await local.document('resume', '--due');
    attempts += reports.length;
  }
  await local.must(0, 'down');
  const until = Date.now() + 3_000;
  while (Date.now() < until) assert.equal((await local.service()).host, 'down');
});
