import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { editDistance, nearest } from '../../src/registry/nearest.ts';

test('the nearest names come first, and names that are nothing like it do not come', () => {
  assert.deepEqual(nearest(['1.30.0', '1.20.0', '1.3.0', '1.2.0', 'banana-split'], '1.2.1'), ['1.2.0', '1.20.0', '1.3.0']);
  assert.deepEqual(nearest(['banana-split'], '1.2.1'), []);
});

test('swapped neighbours are one edit', () => {
  assert.equal(editDistance('fruad', 'fraud'), 1);
});

test('the distance is 0 for the same text alone, the same both ways, and never more than the longer text', () => {
  const text = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b', '.') });
  fc.assert(
    fc.property(text, text, (a, b) => {
      assert.equal(editDistance(a, b) === 0, a === b);
      assert.equal(editDistance(a, b), editDistance(b, a));
      assert.ok(editDistance(a, b) <= Math.max(a.length, b.length));
      assert.ok(editDistance(a, b) >= Math.abs(a.length - b.length));
    }),
  );
});
