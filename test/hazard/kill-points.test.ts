import assert from 'node:assert/strict';
import { test } from 'node:test';
import { certain, gaps, type KillPoint, leavingOtherStates, named } from './kill-points.ts';

/** The points of a trace, in order. */
function points(...names: readonly string[]): readonly KillPoint[] {
  return names.map((name, index) => ({ name, nth: names.slice(0, index + 1).filter((each) => each === name).length }));
}

const effect = ['wake.before-observe', 'wake.after-observe', 'wake.before-apply', 'wake.after-apply'];

test('an effect without one of its four points, and a transaction without one of its two, are named', () => {
  assert.deepEqual(gaps(points(...effect, 'end.before-commit', 'end.after-commit'), ['wake']), []);
  assert.deepEqual(gaps(points(...effect.slice(0, 3)), ['wake']), ['wake.after-apply']);
  assert.deepEqual(gaps(points('end.before-commit'), []), ['end.after-commit']);
  assert.deepEqual(gaps(points(...effect), ['wake', 'route']).length, 4);
});

test('of a loop that is as long as the world is slow only the first passes are points', () => {
  const looks = ['wake.before-observe', 'wake.after-observe'];
  assert.deepEqual(certain(points(...looks, 'wake.after-apply', ...looks, ...looks, ...looks)).map(named), [
    'wake.before-observe:1',
    'wake.after-observe:1',
    'wake.after-apply:1',
    'wake.before-observe:2',
    'wake.after-observe:2',
  ]);
});

test('each state that a dead process can leave has one point, also where the change itself is not reached by every run', () => {
  const interval = ['signal.before-query', 'bake.evidence.before-commit', 'bake.evidence.after-commit'];
  const trace = points(
    'record.before-read',
    'create.before-commit',
    'create.after-commit',
    'record.before-read',
    ...interval,
    ...interval,
    ...interval,
    'record.before-swap',
    'record.after-swap',
  );
  assert.deepEqual(leavingOtherStates(trace).map(named), [
    'record.before-read:1',
    'create.after-commit:1',
    'bake.evidence.after-commit:1',
    'bake.evidence.after-commit:2',
    'record.before-swap:1',
    'record.after-swap:1',
  ]);
});
