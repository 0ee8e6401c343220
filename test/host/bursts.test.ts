import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Counters } from '../../src/host/counters.ts';
import { dispersionFrom, dispersionOf } from '../../src/detect/sequential/dispersion.ts';

const good = { kind: 'answered', status: 200, took: 1 } as const;

/** A version that had so many errors in each minute, and a request that went well beside them; null: no request at all. */
function counted(minutes: readonly (number | null)[]): Counters {
  let now = 0;
  const counters = new Counters({ arms: {}, refused: 0 }, () => now);
  for (const [minute, errors] of minutes.entries()) {
    now = minute;
    if (errors === null) continue;
    counters.count('1.0.0', good, null);
    for (let error = 0; error < errors; error += 1) counters.count('1.0.0', { kind: 'unanswered' }, null);
  }
  now = minutes.length;
  counters.count('1.0.0', good, null);
  return counters;
}

test('the sums that are kept tell the dispersion that all minutes would, and minutes without requests are none', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(6)), { minLength: 1, maxLength: 80 }), (minutes) => {
      const bursts = counted(minutes).reading()['1.0.0']?.bursts;
      const [kept, all] = [bursts && dispersionFrom(bursts), dispersionOf(minutes.filter((errors) => errors !== null))];
      if (all === null) assert.equal(kept, null);
      else assert.ok(Math.abs((kept ?? 0) - all) < 1e-9, `${kept} beside ${all}`);
    }),
  );
});

test('what was counted is known to the next host, and after a week the past fades', () => {
  const before = counted([3, 0, 3]).reading();
  assert.deepEqual(before['1.0.0']?.bursts, { minutes: 3, errors: 6, squares: 18 });
  assert.deepEqual(new Counters({ arms: before, refused: 0 }).reading(), before);
  const { minutes = 0, errors = 0 } =
    counted(Array.from({ length: 20_000 }, (_, minute) => (minute < 10_000 ? 2 : 0))).reading()['1.0.0']?.bursts ?? {};
  assert.ok(minutes <= 7 * 24 * 60 + 1 && errors / minutes < 0.6, `${errors} in ${minutes}`);
});
