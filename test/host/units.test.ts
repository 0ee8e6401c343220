import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AffectedUnits } from '../../src/host/affected-units.ts';
import { Counters } from '../../src/host/counters.ts';
import { unitOf } from '../../src/host/request-head.ts';
import { latencyBuckets } from '../../src/model/hosting.ts';

const failed = { kind: 'answered', status: 500, took: 1 } as const;
const slow = { kind: 'answered', status: 200, took: 900 } as const;
const fast = { kind: 'answered', status: 200, took: 1 } as const;
const bucketOf = (took: number): number => latencyBuckets.findIndex((edge) => edge >= took);

function none(): Counters {
  return new Counters({ arms: {}, refused: 0 });
}

test('a user is counted once when seen and once when failing, at each version, until the split changes', () => {
  const counters = none();
  const [ana, again, bo] = ['ana', 'ana', 'bo'].map((name) => counters.send('1.0.0', name));
  assert.equal(ana, again);
  for (let retry = 0; retry < 10; retry += 1) counters.count('1.0.0', failed, ana!);
  counters.count('1.0.0', { kind: 'unanswered' }, bo!);
  counters.count('1.0.0', fast, bo!);
  const { seen, bad } = counters.reading()['1.0.0']?.units ?? {};
  assert.deepEqual([seen, bad, counters.reading()['1.0.0']?.errors], [2, 2, 10]);
  counters.forgetUnits();
  const moved = counters.send('1.1.0', 'ana');
  counters.count('1.1.0', failed, moved);
  assert.deepEqual([counters.reading()['1.1.0']?.units?.seen, counters.reading()['1.1.0']?.units?.bad], [1, 1]);
  const saved = counters.reading();
  assert.deepEqual(new Counters({ arms: saved, refused: 0 }).reading(), saved);
});

test('slow and wrong answers of one user count once each, as slow as the slowest was', () => {
  const counters = none();
  const ana = counters.send('1.0.0', 'ana');
  for (const ending of [fast, slow, slow, fast]) counters.count('1.0.0', ending, ana);
  for (const right of [true, false, false, false]) counters.label('1.0.0', right, ana);
  counters.label('1.0.0', true, counters.send('1.0.0', 'bo'));
  const { reached = [], labelled, wrong } = counters.reading()['1.0.0']?.units ?? {};
  assert.deepEqual([labelled, wrong], [2, 1]);
  assert.equal(reached.length, bucketOf(900) + 1);
  assert.ok(reached.every((count) => count === 1));
});

test('what ends or is labelled after the split has changed is counted for nobody: other shares gave it', () => {
  const counters = none();
  const ana = counters.send('1.0.0', 'ana');
  const before = counters.reading()['1.0.0']?.units;
  counters.forgetUnits();
  counters.count('1.0.0', failed, ana);
  counters.count('1.0.0', slow, ana);
  counters.label('1.0.0', false, ana);
  assert.deepEqual(counters.reading()['1.0.0']?.units, before);
  // Seen anew under the new split, it is somebody else.
  counters.send('1.0.0', 'ana');
  counters.label('1.0.0', false, ana);
  assert.deepEqual(counters.reading()['1.0.0']?.units, { ...before, seen: 2 });
});

test('a burst by the same user changes no count of users, whatever it is and however often it comes', () => {
  const happening = fc.record({
    user: fc.nat(5),
    what: fc.constantFrom('failed', 'unanswered', 'slow', 'fast', 'right', 'wrong'),
    times: fc.integer({ min: 1, max: 20 }),
  });
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 40 }), (happenings) => {
      const tell = (counters: Counters, { user, what }: (typeof happenings)[number]): void => {
        const unit = counters.send('1.0.0', `user ${user}`);
        const endings = { failed, slow, fast, unanswered: { kind: 'unanswered' } } as const;
        if (what === 'right' || what === 'wrong') counters.label('1.0.0', what === 'right', unit);
        else counters.count('1.0.0', endings[what as keyof typeof endings], unit);
      };
      const [single, bursty] = [none(), none()];
      for (const each of happenings) {
        tell(single, each);
        for (let time = 0; time < each.times; time += 1) tell(bursty, each);
      }
      assert.deepEqual(bursty.reading()['1.0.0']?.units, single.reading()['1.0.0']?.units);
    }),
  );
});

test('where requests are what is counted nothing is said of users', () => {
  const counters = none();
  assert.equal(counters.send('1.0.0', null), null);
  counters.count('1.0.0', failed, null);
  counters.label('1.0.0', false, null);
  assert.equal('units' in (counters.reading()['1.0.0'] ?? {}), false);
});

test('what is remembered of users has a bound, and begins anew for all versions at once', () => {
  const units = new AffectedUnits();
  const { unit: early } = units.see('1.1.0', 'ana');
  for (let index = 0; index < 200_000; index += 1) units.see('1.0.0', `user ${index}`);
  assert.equal(units.see('1.1.0', 'ana').fresh, true);
  assert.equal(units.counts(early), false);
});

test('a request without the header stands for itself, and none can pass for a user', () => {
  assert.equal(unitOf(null, { 'x-user-id': 'ana' }, '7'), null);
  assert.equal(unitOf('x-user-id', { 'x-user-id': 'ana' }, '7'), 'unit ana');
  assert.equal(unitOf('x-user-id', {}, '7'), 'request 7');
  assert.notEqual(unitOf('x-user-id', { 'x-user-id': 'request 7' }, '8'), unitOf('x-user-id', {}, '7'));
  assert.equal(unitOf('x-user-id', { 'x-user-id': 'a'.repeat(9_000) }, '7')?.length, 205);
});
