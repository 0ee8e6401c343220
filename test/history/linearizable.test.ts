import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Told, ToldOperation } from './answer.ts';
import { callOf } from './deeds.ts';
import { type Call, linearization } from './linearizable.ts';
import { plantedHistory, type Planted } from './planted.ts';
import { resting } from './service-state.ts';

const explained = (told: readonly Told[]): boolean => linearization(told.map(callOf), resting('1.0.0')).whole;
const seeds = fc.integer({ min: 0, max: 2 ** 31 });
const altered = (history: Planted, index: number, change: (told: Told) => Told): readonly Told[] =>
  history.told.map((told, at) => (at === index ? change(told) : told));

test('a history that happened in some order is explained, however much its calls overlap', () => {
  fc.assert(
    fc.property(seeds, (seed) => explained(plantedHistory(seed).told)),
    { numRuns: 300 },
  );
});

test('a read of a pointer that nobody had set is not explained', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const history = plantedHistory(seed);
      return history.reads.every(
        (index) => !explained(altered(history, index, (told) => ({ ...told, answer: { kind: 'read', version: '9.9.9' } }))),
      );
    }),
    { numRuns: 100 },
  );
});

test('a read that comes after a change was answered and does not see it is not explained', () => {
  const deployed = ran('ana', 0, 10, operation('a', 'deploy', '1.0.0', '1.1.0', 5));
  assert.ok(explained([deployed, read(11, 20, '1.1.0')]));
  assert.ok(explained([deployed, read(9, 20, '1.0.0')]), 'it may come before what it overlaps');
  assert.ok(!explained([deployed, read(11, 20, '1.0.0')]));
});

test('two changes from the same version, of which one is lost, are not explained', () => {
  const one = ran('ana', 0, 10, operation('a', 'deploy', '1.0.0', '1.1.0', 5));
  const other = ran('ben', 0, 10, operation('b', 'deploy', '1.0.0', '1.2.0', 6));
  assert.ok(explained([one]));
  assert.ok(!explained([one, other]));
});

test('two operations on one lane, and a refusal by a lane that nobody holds, are not explained', () => {
  const open = { ...operation('a', 'deploy', '1.0.0', '1.1.0', 5), state: 'open', full: false, points: false };
  const canary = ran('ana', 0, 10, open);
  const second = ran('ben', 11, 20, { ...open, id: 'b', actor: 'ben', createdAt: 15 });
  assert.ok(!explained([canary, second]));
  const refused: Told = { ...canary, name: 'refused', answer: { kind: 'refused', code: 'lane.taken' } };
  assert.ok(!explained([refused]));
  assert.ok(explained([canary, { ...refused, began: 11, ended: 20 }]));
});

test('a rollback of a deploy that ended before it could be pushed aside is explained, one of a deploy that never was is not', () => {
  const deployed = ran('ana', 0, 10, operation('a', 'deploy', '1.0.0', '1.1.0', 5));
  const back = { ...operation('b', 'rollback', '1.1.0', '1.0.0', 12), preempts: 'a' };
  assert.ok(explained([deployed, ran('ben', 8, 20, back)]));
  assert.ok(!explained([ran('ben', 8, 20, back)]));
  assert.ok(!explained([deployed, ran('ben', 8, 20, { ...back, serving: null })]));
  const open = { ...operation('c', 'deploy', '1.0.0', '1.1.0', 5), state: 'open', full: false, points: false };
  assert.ok(!explained([ran('ana', 0, 10, open), ran('ben', 11, 20, { ...back, pointer: '1.0.0', serving: '1.0.0' })]));
});

test('a deploy into a hold that was answered before it, and a rollback whose marks are not seen, are not explained', () => {
  const held: Told = { ...read(0, 4, ''), words: ['hold'], answer: { kind: 'marked' } };
  const deployed = ran('ana', 5, 10, operation('a', 'deploy', '1.0.0', '1.1.0', 6));
  assert.ok(explained([deployed]));
  assert.ok(!explained([held, deployed]));
  const back = ran('ben', 11, 20, { ...operation('b', 'rollback', '1.1.0', '1.0.0', 12), actor: 'ben' });
  const again = ran('ana', 21, 30, operation('c', 'deploy', '1.0.0', '1.1.0', 22));
  assert.ok(explained([deployed, back]));
  assert.ok(!explained([deployed, back, again]));
});

test('calls that only make sense in an order that their times forbid are not explained', () => {
  const counter = (name: string, began: number, ended: number, from: number): Call<number> => ({
    name,
    began,
    ended,
    deeds: [{ name: `${from} to ${from + 1}`, happens: (state) => (state === from ? from + 1 : null) }],
  });
  assert.ok(linearization([counter('second', 0, 10, 1), counter('first', 5, 15, 0)], 0).whole);
  assert.ok(!linearization([counter('second', 0, 4, 1), counter('first', 5, 15, 0)], 0).whole);
});

function operation(id: string, kind: string, from: string, to: string, createdAt: number): ToldOperation {
  return {
    id,
    kind,
    actor: id === 'b' ? 'ben' : 'ana',
    createdAt,
    from,
    to,
    state: 'completed',
    moved: true,
    moves: true,
    full: true,
    points: true,
    preempts: null,
    pointer: from,
    serving: from,
    supersededBy: null,
  };
}

function ran(actor: string, began: number, ended: number, told: ToldOperation): Told {
  const answer = { kind: 'ran' as const, operation: told, by: null };
  return { name: `${actor} ${told.id}`, actor, words: [told.kind, told.to], began, ended, exit: 0, answer };
}

function read(began: number, ended: number, version: string): Told {
  return { name: 'read', actor: 'ana', words: ['current'], began, ended, exit: 0, answer: { kind: 'read', version } };
}
