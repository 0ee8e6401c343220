import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bar } from '../../src/report/bar.ts';
import { command } from '../../src/report/command.ts';
import { ago, duration, elapsed, instant } from '../../src/report/duration.ts';
import { bytes, count, measured, percent } from '../../src/report/number.ts';
import { listed, sentence } from '../../src/report/sentence.ts';
import { sparkline } from '../../src/report/sparkline.ts';
import { visible } from '../../src/report/visible.ts';
import { widthOf } from '../../src/report/width.ts';
import { wrapped } from '../../src/report/wrap.ts';

test('a duration is told in the unit people use, also at the edges', () => {
  const told = [
    0, 412, 999.4, 999.6, 1_900, 7_400, 9_960, 45_000, 59_700, 252_000, 1_080_000, 7_500_000, 356_400_000, 777_600_000,
  ].map(duration);
  assert.deepEqual(told, [
    '0 ms',
    '412 ms',
    '999 ms',
    '1s',
    '1.9s',
    '7.4s',
    '10s',
    '45s',
    '1m',
    '4m 12s',
    '18m',
    '2h 5m',
    '4d 3h',
    '9d',
  ]);
  assert.equal(duration(Number.NaN), 'unknown');
});

test('what lies ahead by another clock is now, not a negative time', () => {
  assert.deepEqual([ago(1_000, 0), ago(0, 500), ago(0, 120_000), ago(0, 259_200_000)], ['now', 'now', '2m ago', '3d ago']);
});

test('a running clock shows tenths only when asked', () => {
  assert.deepEqual(
    [elapsed(11_000), elapsed(7_420, true), elapsed(3_723_000), elapsed(59_999, true), elapsed(-5)],
    ['00:11', '00:07.4', '1:02:03', '00:59.9', '00:00'],
  );
  assert.equal(instant(Number.NaN), 'unknown');
});

test('a bar shows anything above nothing and is never full below everything', () => {
  fc.assert(
    fc.property(fc.double({ min: -10, max: 110, noNaN: true }), fc.integer({ min: 2, max: 40 }), (share, cells) => {
      const filled = [...bar(share, cells)].filter((cell) => cell === '█').length;
      assert.equal([...bar(share, cells)].length, cells);
      assert.equal(filled === 0, share <= 0);
      assert.equal(filled === cells, share >= 100);
    }),
  );
});

test('a sparkline starts at zero, keeps the last values and leaves a hole where nothing was measured', () => {
  assert.equal(sparkline([0, 1, 2, 4, 8], 4), '▂▃▅█');
  assert.equal(sparkline([1, null, Number.NaN, 1], 9), '█  █');
  assert.equal(sparkline([0, 0], 9), '▁▁');
});

test('small and large numbers stay readable', () => {
  assert.deepEqual([0, 0.041, 0.0003, 0.5, 0.9999, 1, Number.NaN].map(percent), [
    '0%',
    '4.1%',
    '0.03%',
    '50.0%',
    '100%',
    '100%',
    'unknown',
  ]);
  assert.deepEqual([0, 999, 12_410, 1e9].map(count), ['0', '999', '12,410', '1,000,000,000']);
  assert.deepEqual([0, 812, 999_900, 4_210_000].map(bytes), ['0 B', '812 B', '1.0 MB', '4.2 MB']);
  assert.deepEqual([0.93121, 12_345.6, Number.NaN].map(measured), ['0.9312', '12350', 'not a number']);
});

test('sentences begin large and end with a stop, but names keep their letters', () => {
  assert.deepEqual(['not verified', '1.3.0 serves', 'a.b is held', 'what now?'].map(sentence), [
    'Not verified.',
    '1.3.0 serves.',
    'a.b is held.',
    'What now?',
  ]);
  assert.deepEqual([[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map(listed), ['none', 'a', 'a and b', 'a, b and c']);
});

test('a command can be pasted whatever the names in it are', () => {
  assert.equal(command(['rollback', "fraud; rm -rf ~'", '--to', '1.2.0']), `sofare rollback 'fraud; rm -rf ~'\\''' --to 1.2.0`);
});

test('making a text visible twice changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (text, unicode) => {
      const once = visible(text, { unicode });
      assert.equal(visible(once, { unicode }), once);
    }),
  );
});

test('wrapping loses no sign and no line is too wide', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'bc', ' ', '漢', '%'), maxLength: 80 }),
      fc.integer({ min: 2, max: 30 }),
      (text, columns) => {
        const lines = wrapped(text, columns);
        assert.ok(
          lines.every((line) => widthOf(line) <= columns),
          JSON.stringify(lines),
        );
        assert.equal(lines.join('').replaceAll(' ', ''), text.replaceAll(' ', ''));
      },
    ),
  );
});
