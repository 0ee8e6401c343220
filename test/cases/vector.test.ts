import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runVectors } from './stat-vectors.ts';
import type { VectorFunction } from './vector.ts';

const double: Readonly<Record<string, VectorFunction>> = { double: { keys: ['x'], compute: ({ x }) => ({ twice: 2 * x }) } };
const vector = { id: 'one', fn: 'double', input: { x: 3 }, expected: { twice: 6 }, relTol: 1e-9 };

function failure(changes: object): string | null | undefined {
  return runVectors({ vectors: [{ ...vector, ...changes }] }, double)[0]?.failure;
}

test('a vector that is met passes, and one outside its tolerance does not', () => {
  assert.equal(failure({}), null);
  assert.match(failure({ expected: { twice: 6.001 } }) ?? '', /twice is 6, expected 6\.001/);
  assert.equal(failure({ expected: { twice: 6.001 }, relTol: 0.01 }), null);
});

test('what the runner does not know is a failure: a function, a key, a field, a part', () => {
  assert.match(failure({ fn: 'triple' }) ?? '', /triple is unknown/);
  assert.match(failure({ fn: 'constructor' }) ?? '', /constructor is unknown/);
  assert.match(failure({ input: { x: 3, y: 4 } }) ?? '', /not y/);
  assert.match(failure({ input: {} }) ?? '', /not x/);
  assert.match(failure({ expected: { thrice: 9 } }) ?? '', /gives no thrice/);
  assert.match(failure({ expected: {} }) ?? '', /nothing is expected/);
  assert.match(failure({ tolerance: 1 }) ?? '', /fields are unknown: tolerance/);
  assert.match(runVectors({ vectors: [], functions: { half: {} } }, double)[0]?.failure ?? '', /half is unknown/);
  assert.throws(() => runVectors({ vectors: [], extra: 1 }, double), /unknown parts: extra/);
  assert.throws(() => runVectors([], double), /does not hold an object/);
});
