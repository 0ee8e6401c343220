import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { evaluateCondition, evaluateMoment, problemOfCondition } from '../../../src/detect/analysis/expression/condition.ts';
import { float, floats } from '../../../src/detect/analysis/expression/types.ts';
import { measuredFrom } from '../../cases/argo-values.ts';

const answer = (result: unknown, expression: string) => evaluateCondition(measuredFrom(result), expression);
const errorOf = (result: unknown, expression: string): string => {
  const found = answer(result, expression);
  return found.ok ? assert.fail(`${expression} is ${found.value}`) : found.error;
};

test('six hundred expressions made at random from the grammar answer as expr-lang does', () => {
  const file = readFileSync(join(import.meta.dirname, 'expression-answers.json'), 'utf8');
  const { answers } = JSON.parse(file) as {
    answers: { result: unknown; expression: string; value?: boolean; error?: boolean }[];
  };
  assert.ok(answers.length >= 600);
  for (const { result, expression, value } of answers) {
    const found = answer(result, expression);
    assert.equal(found.ok ? found.value : 'error', value ?? 'error', `${expression} of ${JSON.stringify(result)}`);
  }
});

test('whatever is written, the answer is yes, no or an error, and comes soon', () => {
  const words = fc.constantFrom(
    ...[
      'result',
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      '#',
      '.',
      '?.',
      '..',
      '&&',
      'or',
      'not',
      'in',
      '1',
      '0.5',
      "'a'",
      '+',
      '-',
      '*',
      '/',
    ],
    ...[
      '%',
      '**',
      '==',
      '<',
      'all',
      'map',
      'len',
      'reduce',
      'let',
      'x',
      '=',
      ';',
      ':',
      '?',
      '??',
      '|',
      ',',
      'nil',
      'true',
      'matches',
      ' ',
    ],
  );
  fc.assert(
    fc.property(
      fc.array(words, { maxLength: 40 }),
      fc.constantFrom<unknown>(null, 1, [], [1, 2], 'text', { a: 1 }),
      (parts, result) => {
        const found = answer(result, parts.join(' '));
        assert.equal(typeof (found.ok ? found.value : found.error), found.ok ? 'boolean' : 'string');
      },
    ),
    { numRuns: 3_000 },
  );
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => typeof answer(1, text).ok === 'boolean'),
    { numRuns: 2_000 },
  );
});

test('no name leads out of the values: prototypes, constructors and globals are unknown', () => {
  for (const name of ['constructor', '__proto__', 'globalThis', 'process', 'toString', '$env', 'Function'])
    assert.match(errorOf(1, `${name} == 1`), /unknown name/);
  for (const expression of [
    "result['__proto__']",
    'result.constructor',
    'result.hasOwnProperty',
    "get(result, '__proto__')",
    'result.toString',
  ])
    assert.deepEqual(answer({ a: 1 }, `${expression} == nil`), { ok: true, value: true });
  assert.match(errorOf({ a: 1 }, 'result.constructor.constructor == 1'), /cannot fetch/);
  assert.match(errorOf({ a: 1 }, 'result.toString() == 1'), /there is no method/);
  assert.deepEqual(answer(JSON.parse('{"__proto__": {"ok": true}}'), "result['__proto__'].ok == true"), {
    ok: true,
    value: true,
  });
});

test('an expression that is too long, has too many parts, is nested too deep or does too much is refused', () => {
  assert.match(errorOf(1, ` ${'result > 0 || '.repeat(80)}true`), /longer than 1024/);
  assert.match(errorOf(1, `${'1+'.repeat(60)}1 > 0`), /more than 100 parts/);
  assert.match(errorOf(1, `${'('.repeat(30)}true${')'.repeat(30)}`), /nested deeper than 20/);
  assert.match(errorOf(1, `${'!'.repeat(30)}true`), /nested deeper than 20/);
  assert.match(errorOf(1, 'len(1..10000000) > 1'), /more than 100000 steps/);
  assert.match(errorOf(1, 'count(1..400, count(1..400, # > 1) > 1) > 1'), /more than 100000 steps/);
  assert.match(errorOf('a', "repeat(repeat(result, 1000), 1000) == ''"), /memory budget exceeded/);
  assert.match(errorOf(1, 'let x = "a"; let y = repeat(x, 90000); len(y + y) > 1'), /more than 100000 steps/);
});

test('numbers that are none, are too large or divide by nothing are what they are, and no exception', () => {
  assert.match(errorOf(5, '5 % 0 == 0'), /divide by zero/);
  assert.deepEqual(answer(5, 'result / 0 > 1e308'), { ok: true, value: true });
  assert.match(errorOf(5, 'result < 1e999'), /invalid float literal/);
  assert.match(errorOf(5, 'result < 9223372036854775808'), /invalid integer literal/);
  assert.deepEqual(answer(5, '9223372036854775807 + 1 < 0'), { ok: true, value: true });
  assert.deepEqual(answer({ $float: 'NaN' }, 'result == result'), { ok: true, value: false });
});

test('a text of megabytes against a hostile pattern is answered in time', () => {
  const text = `${'a'.repeat(1_500)}!`;
  assert.deepEqual(answer(text, "result matches '^(a+)+$'"), { ok: true, value: false });
  assert.match(errorOf('a'.repeat(3_000_000), "result matches 'a*a*a*b'"), /steps/);
  assert.match(errorOf('a', "result matches '(?=a)'"), /pattern/);
  assert.match(errorOf('a', "result matches '(a)\\\\1'"), /pattern/);
});

test('an error says where it stands in the expression', () => {
  assert.match(errorOf([1], 'result >= 0.95'), /mismatched types \[\]float64 and float64\) \(at character 8\)/);
  assert.match(errorOf(1, 'result > "unfinished'), /literal not terminated \(at character 10\)/);
});

test('a condition can be read before anything is measured', () => {
  assert.equal(problemOfCondition(floats, 'result[0] >= 0.95'), null);
  assert.match(problemOfCondition(float, 'result[0] >= 0.95') ?? '', /type float64\[int\] is undefined/);
  assert.match(problemOfCondition(float, 'result + 1') ?? '', /expected bool, but got float64/);
});

test('a moment is now with durations added or taken away', () => {
  assert.deepEqual(
    evaluateMoment('now() - duration("1h")', () => 7_200_000),
    { ok: true, value: 3_600_000 },
  );
  const day = Date.UTC(2023, 7, 14);
  const layout = '"2006-01-02 15:04:05"';
  assert.deepEqual(
    evaluateMoment(`date("2023-08-14 00:00:00", ${layout}, "UTC") - duration("1h")`, () => 0),
    { ok: true, value: day - 3_600_000 },
  );
  assert.deepEqual(
    evaluateMoment(`date("2023-08-14 02:00:00", ${layout}, "Europe/Berlin")`, () => 0),
    { ok: true, value: day },
  );
  assert.deepEqual(
    evaluateMoment('date("2023-08-14T02:00:00+02:00")', () => 0),
    { ok: true, value: day },
  );
  for (const wrong of [
    'date("2023-02-30")',
    'date("yesterday")',
    'date("2023-08-14", "2006-01-02", "Nowhere")',
    'now() -- ?',
    'now() - duration("??")',
  ])
    assert.equal(evaluateMoment(wrong, () => 0).ok, false, wrong);
  assert.equal(evaluateMoment('now() - 5', () => 0).ok, false);
  assert.equal(evaluateMoment('duration("1h")', () => 0).ok, false);
  assert.equal(evaluateMoment('result', () => 0).ok, false);
});
