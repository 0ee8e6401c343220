import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LivePainter, redraw } from '../../src/report/live.ts';
import { operationLines } from '../../src/report/operation.ts';
import { Emulator } from './emulator.ts';
import { guardTold } from './sample-guard.ts';
import { paper, rollbackTold, start } from './sample-operations.ts';
import { progressAfter } from './sample-screens.ts';

const line = fc.constantFrom('', 'wake', 'route 10%', 'route 100%', 'confirm', '├─ ✓');
const frame = fc.array(line, { maxLength: 6 });

test('drawing what changed shows the same as drawing everything', () => {
  fc.assert(
    fc.property(fc.array(frame, { minLength: 1, maxLength: 8 }), (frames) => {
      const screen = new Emulator();
      const painter = new LivePainter((text) => screen.write(text), 50);
      for (const each of frames) {
        painter.show(each);
        assert.deepEqual(screen.lines, [...each, '']);
      }
    }),
  );
});

test('nothing is written when nothing changed, and only the changed line when one did', () => {
  assert.equal(redraw(['a', 'b', 'c'], ['a', 'b', 'c']), '');
  const output = redraw(['a', 'b', 'c'], ['a', 'B', 'c']);
  assert.ok(output.includes('B') && !output.includes('a') && !output.includes('c'), JSON.stringify(output));
});

test('what is printed after the frame is finished stands below it', () => {
  const screen = new Emulator();
  const painter = new LivePainter((text) => screen.write(text), 50);
  painter.show(['one', 'two', 'three']);
  painter.finish(['one', 'TWO']);
  screen.write('after\n');
  assert.deepEqual(screen.lines, ['one', 'TWO', 'after', '']);
});

test('a frame higher than the terminal never moves above it, and ends whole', () => {
  const screen = new Emulator();
  const painter = new LivePainter((text) => screen.write(text), 4);
  const high = ['1', '2', '3', '4', '5', '6'];
  painter.show(high);
  assert.deepEqual(screen.lines, ['4', '5', '6', '']);
  painter.finish(high);
  assert.deepEqual(screen.lines, [...high, '']);
});

for (const [name, told] of [
  ['rollback', rollbackTold],
  ['guarded deploy', guardTold],
] as const) {
  test(`a whole ${name} drawn live ends as its last tree`, () => {
    const screen = new Emulator();
    const painter = new LivePainter((text) => screen.write(text), 50);
    for (const [after] of told) {
      const frame = operationLines(progressAfter(told, after), { ...paper, now: start + after });
      painter.show(frame);
      assert.deepEqual(screen.lines, [...frame, '']);
    }
  });
}
