import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { afterEnd, type Ends } from '../../src/host/crash-loop.ts';

const ends = fc.record({
  count: fc.integer({ min: 1, max: 50 }),
  everReady: fc.boolean(),
  hasShare: fc.boolean(),
  portTaken: fc.boolean(),
  how: fc.string(),
});

test('what has a share is always started again; what is started again for ever says that it fails', () => {
  fc.assert(
    fc.property(ends, (each: Ends) => {
      const { failed, restartIn } = afterEnd(each);
      if (each.hasShare) assert.notEqual(restartIn, null);
      if (restartIn === null) assert.notEqual(failed, null);
      if (each.count >= 6 && !each.portTaken) assert.notEqual(failed, null);
      if (restartIn !== null) assert.ok(restartIn <= 10_000);
    }),
  );
});

test('pauses grow with the ends, and a port that was taken by chance costs none', () => {
  const pause = (count: number): number | null =>
    afterEnd({ count, everReady: true, hasShare: true, portTaken: false, how: '' }).restartIn;
  assert.deepEqual([1, 2, 3, 20].map(pause), [100, 200, 400, 10_000]);
  assert.deepEqual(afterEnd({ count: 2, everReady: false, hasShare: false, portTaken: true, how: '' }), {
    failed: null,
    restartIn: 0,
  });
});
