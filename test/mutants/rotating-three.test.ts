import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rotating } from '../hazard/rotating-quarter.ts';
import { mutants } from './mutant.ts';
import { Workspace } from './workspace.ts';

const perRun = 3;

test('three mutants, others at every commit, are each caught by the test that is named for it', { timeout: 600_000 }, () => {
  using workspace = new Workspace();
  const all = mutants();
  assert.ok(all.length >= 20);
  for (const mutant of rotating(all, perRun)) {
    assert.ok(workspace.passes(mutant), `${mutant.name}: "${mutant.test}" does not pass without it`);
    const fate = workspace.fateOf(mutant);
    assert.equal(fate.kind, 'caught', `${mutant.name}: ${fate.kind === 'caught' ? '' : fate.said}`);
  }
});
