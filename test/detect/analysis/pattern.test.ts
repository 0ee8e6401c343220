import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compilePattern } from '../../../src/detect/analysis/pattern/pattern.ts';
import { PatternError } from '../../../src/detect/analysis/pattern/pattern-syntax.ts';

test('patterns match as Go reads them', () => {
  const matches: readonly (readonly [string, string, boolean])[] = [
    ['^v[0-9]+$', 'v12', true],
    ['^v[0-9]+$', 'v12\n', false],
    ['success', 'my-success-rate', true],
    ['a|bc|', 'zzz', true],
    ['^(?:a|b){2,3}$', 'abab', false],
    ['^(?:a|b){2,3}$', 'aba', true],
    ['^a{,2}$', 'a{,2}', true],
    ['(?i)ERROR', 'an error', true],
    ['(?i:E)rror', 'Error', true],
    ['[^a-c]', 'abc', false],
    ['[]a]', ']', true],
    ['[[:digit:]_-]+x', '9-x', true],
    ['\\bcat\\b', 'a cat!', true],
    ['\\bcat\\b', 'concat', false],
    ['(?m)^b$', 'a\nb\nc', true],
    ['a.c', 'a\nc', false],
    ['(?s)a.c', 'a\nc', true],
    ['\\x{1F600}', '😀', true],
    ['(?P<name>é)', 'café', true],
    ['\\W', 'é', true],
  ];
  for (const [pattern, text, found] of matches) assert.equal(compilePattern(pattern).test(text), found, `${pattern} of ${text}`);
});

test('what a machine without memory cannot do, or nobody can read, is refused', () => {
  for (const pattern of [
    '(',
    ')',
    '[a',
    '*',
    'a**',
    '(?=a)',
    '(?<!a)',
    '(a)\\1',
    '[z-a]',
    'a{2,1}',
    'a{1001}',
    '\\p{L}',
    '(?P<>a)',
    '\\',
  ])
    assert.throws(() => compilePattern(pattern), PatternError, pattern);
  assert.throws(() => compilePattern('((a{100}){100}){100}'), PatternError);
  assert.throws(() => compilePattern(`${'('.repeat(50)}a${')'.repeat(50)}`), PatternError);
});

test('of simple patterns the answer is that of the machine that goes back', () => {
  const piece = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '(a|b)', 'a*', 'b+', '(ab)?', '(?:a|bb)*', 'a{2}', 'b{1,2}');
  const pattern = fc.array(piece, { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
  const whole = fc
    .tuple(fc.boolean(), pattern, fc.boolean())
    .map(([start, middle, end]) => `${start ? '^' : ''}${middle}${end ? '$' : ''}`);
  fc.assert(
    fc.property(whole, fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 }), (written, text) => {
      assert.equal(compilePattern(written).test(text), new RegExp(written, 'u').test(text));
    }),
    { numRuns: 1_000 },
  );
});
