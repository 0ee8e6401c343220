import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { widthOf } from '../../src/report/width.ts';
import { start } from './sample-operations.ts';
import { sampleScreens } from './sample-screens.ts';
import { tainted } from './tainted.ts';

const screens = Object.entries(sampleScreens());
const long = Object.entries(
  sampleScreens((value) =>
    tainted(value, ' 漢字 and a name that goes on for ever without end-and-without-a-blank-anywhere-in-it'),
  ),
);
/** Markdown for other programs is not broken into lines. */
const kept = ['changelog'];

function assertFits(all: typeof screens, width: number, unicode: boolean, color: boolean): void {
  for (const [name, { text }] of all) {
    if (kept.includes(name)) continue;
    for (const line of text({ width, color, unicode, now: start }).split('\n')) {
      const columns = widthOf(line.replace(/\u001b\[\d+m/g, ''));
      assert.ok(columns <= Math.max(40, width), `${name} at ${width}: ${columns} columns: ${line}`);
    }
  }
}

test('no line is wider than the paper', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 250 }), fc.boolean(), fc.boolean(), (width, unicode, color) => {
      assertFits(screens, width, unicode, color);
      assertFits(long, width, unicode, color);
    }),
    { numRuns: 40 },
  );
});

test('colour adds nothing but colour', () => {
  for (const [name, { text }] of screens) {
    const [plain, colored] = [false, true].map((color) => text({ width: 80, color, unicode: true, now: start }));
    assert.equal(colored?.replace(/\u001b\[\d+m/g, ''), plain, name);
  }
});

test('wide, combining and pictured signs are counted as terminals show them', () => {
  assert.deepEqual(['abc', '漢字', 'e\u0301', '✓', '한', 'ｱ', '👍', '→'].map(widthOf), [3, 4, 1, 1, 2, 1, 2, 1]);
});
