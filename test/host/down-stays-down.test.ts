import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Local } from '../fixtures/local.ts';

test('down stays down, also for what the host had started and that comes to its work only then', async () => {
  await using local = new Local();
  await local.must(0, 'register', '1.0.0', local.model('1.0.0'));
  await local.must(0, 'deploy', '1.0.0', '-y');
  await local.must(0, 'down');
  // As the supervisor starts it; supervising.test.ts holds that it does so.
  const late = await local.run(['resume', '--due'], { SOFARE_SUPERVISED: '1' });
  assert.equal((await local.service()).host, 'down', late.output + late.errors);
  const byHand = await local.run(['resume', '--due']);
  assert.notEqual((await local.service()).host, 'down', byHand.output + byHand.errors);
});
