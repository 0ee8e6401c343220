import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AffectedUnits } from '../../src/host/affected-units.ts';
import { Counters } from '../../src/host/counters.ts';
import { unitOf } from '../../src/host/request-head.ts';

const failed = { kind: 'answered', status: 500, took: 3 } as const;

test('a user is counted once when seen and once when failing, at each version, until the split changes', () => {
  const counters = new Counters({ arms: {}, refused: 0 });
  for (const unit of ['ana', 'ana', 'bo']) counters.send('1.0.0', unit);
  for (let retry = 0; retry < 10; retry += 1) counters.count('1.0.0', failed, 'ana');
  counters.count('1.0.0', { kind: 'unanswered' }, 'bo');
  counters.count('1.0.0', { kind: 'answered', status: 200, took: 1 }, 'bo');
  assert.deepEqual(counters.reading()['1.0.0']?.units, { seen: 2, bad: 2 });
  assert.equal(counters.reading()['1.0.0']?.errors, 10);
  counters.forgetUnits();
  // It was on the way when the split changed: counted before, and not again.
  counters.count('1.0.0', failed, 'ana');
  counters.send('1.1.0', 'ana');
  counters.count('1.1.0', failed, 'ana');
  assert.deepEqual(counters.reading()['1.0.0']?.units, { seen: 2, bad: 2 });
  assert.deepEqual(counters.reading()['1.1.0']?.units, { seen: 1, bad: 1 });
  assert.deepEqual(new Counters({ arms: counters.reading(), refused: 0 }).reading(), counters.reading());
});

test('where requests are what is counted nothing is said of users', () => {
  const counters = new Counters({ arms: {}, refused: 0 });
  counters.send('1.0.0', null);
  counters.count('1.0.0', failed, null);
  assert.equal('units' in (counters.reading()['1.0.0'] ?? {}), false);
});

test('what is remembered of users has a bound, and begins anew for all versions at once', () => {
  const units = new AffectedUnits();
  units.see('1.1.0', 'ana');
  for (let index = 0; index < 200_000; index += 1) units.see('1.0.0', `user ${index}`);
  assert.equal(units.see('1.1.0', 'ana'), true);
});

test('a request without the header stands for itself, and none can pass for a user', () => {
  assert.equal(unitOf(null, { 'x-user-id': 'ana' }, '7'), null);
  assert.equal(unitOf('x-user-id', { 'x-user-id': 'ana' }, '7'), 'unit ana');
  assert.equal(unitOf('x-user-id', {}, '7'), 'request 7');
  assert.notEqual(unitOf('x-user-id', { 'x-user-id': 'request 7' }, '8'), unitOf('x-user-id', {}, '7'));
  assert.equal(unitOf('x-user-id', { 'x-user-id': 'a'.repeat(9_000) }, '7')?.length, 205);
});
