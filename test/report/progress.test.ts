import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventLine } from '../../src/report/event-line.ts';
import { followed, followedAll, type OperationProgress } from '../../src/report/progress.ts';
import { guardTold } from './sample-guard.ts';
import { created, deployPlan, done, intended, paper, rollbackPlan, rollbackTold, start, type Told } from './sample-operations.ts';
import { progressAfter } from './sample-screens.ts';

function lines(told: readonly Told[]): readonly string[] {
  let progress: OperationProgress | null = null;
  return told.flatMap(([after, event]) => {
    const before: OperationProgress | null = progress;
    progress = followed(before, '7f3kxz', event, start + after);
    const line = progress && eventLine(event, start + after, before, progress, paper);
    return line === null ? [] : [line];
  });
}

test('the way to safe and to verified is told in milliseconds from the beginning', () => {
  const progress = progressAfter(rollbackTold, 2_900);
  assert.deepEqual([progress.safe, progress.endedAt, progress.verified], [1_702, start + 2_900, true]);
  assert.equal(progressAfter(rollbackTold, 1_655).safe, null);
});

test('a deploy that stops under 100 % is never called safe', () => {
  const plan = { ...deployPlan, steps: deployPlan.steps.slice(0, 2) };
  const progress = progressAfter(
    [
      [0, created(plan)],
      [10, done(0)],
      [20, done(1)],
      [30, { kind: 'opened' }],
    ],
    30,
  );
  assert.deepEqual([progress.safe, progress.state], [null, 'open']);
});

test('each step is timed from the end of the one before', () => {
  const { steps } = progressAfter(rollbackTold, 2_900);
  assert.deepEqual(
    steps.map(({ since, until }) => (until ?? 0) - (since ?? 0)),
    [1_650, 52, 1_198],
  );
});

test('what was not seen to begin, or cannot follow, is not shown', () => {
  assert.equal(followed(null, 'x', intended(0), start), null);
  const ended = progressAfter(rollbackTold, 2_900);
  assert.equal(followed(ended, '7f3kxz', intended(0), start), null);
});

test('an operation that begins while another is on the screen stands below it', () => {
  let all = followedAll([], 'q81mva', created(deployPlan), start);
  all = followedAll(all, 'q81mva', { kind: 'superseded', by: '7f3kxz' }, start + 5);
  all = followedAll(all, '7f3kxz', created(rollbackPlan), start + 5);
  all = followedAll(all, 'never-seen', intended(0), start + 6);
  all = followedAll(all, '7f3kxz', intended(0), start + 7);
  assert.deepEqual(
    all.map(({ id, state }) => [id, state]),
    [
      ['q81mva', 'superseded'],
      ['7f3kxz', 'running'],
    ],
  );
});

test('another plan begins at its first step and says why', () => {
  const next = {
    ...rollbackPlan,
    to: '1.1.0',
    steps: rollbackPlan.steps.map((step) => (step.kind === 'route' ? step : { ...step, version: '1.1.0' })),
  };
  const progress = progressAfter(
    [
      [0, created(rollbackPlan)],
      [3, intended(0)],
      [900, { kind: 'replanned', plan: next, because: '1.2.0 never became ready' }],
    ],
    900,
  );
  assert.deepEqual(
    [progress.plan.to, progress.stepsDone, progress.steps[0]?.state, progress.turns],
    ['1.1.0', 0, 'doing', ['another plan: 1.2.0 never became ready']],
  );
});

test('steps added to a plan know the weights before them', () => {
  const plan = { ...deployPlan, steps: deployPlan.steps.slice(0, 2) };
  const progress = progressAfter(
    [
      [0, created(plan)],
      [1, done(0)],
      [2, done(1)],
      [3, { kind: 'extended', steps: deployPlan.steps.slice(2, 4) }],
    ],
    3,
  );
  assert.deepEqual(
    progress.steps.map(({ state, before }) => [state, before['1.3.0'] ?? 0]),
    [
      ['done', 0],
      ['done', 0],
      ['doing', 10],
      ['waiting', 10],
    ],
  );
});

test('an end without the name of the version behind it is marked on its last step', () => {
  const problem = {
    code: 'unverified' as const,
    what: 'nothing names it',
    why: 'the endpoint is silent',
    touched: 'yes' as const,
    next: 'sofare status',
  };
  const progress = progressAfter([...rollbackTold.slice(0, 7), [2_900, { kind: 'completed', verified: false, problem }]], 2_900);
  assert.equal(progress.steps.at(-1)?.state, 'failed');
});

test('where no tree can be drawn there is one plain line an event', (context) => {
  const golden = (name: string): string => join(import.meta.dirname, '..', 'golden', 'screens', `${name}.txt`);
  const asItIs = { serializers: [(value: unknown) => String(value)] };
  context.assert.fileSnapshot(lines(rollbackTold).join('\n'), golden('piped-rollback'), asItIs);
  context.assert.fileSnapshot(lines(guardTold).join('\n'), golden('piped-guard'), asItIs);
});

test('evidence is told once in ten seconds, the verdict at once', () => {
  const told = lines(guardTold);
  assert.equal(told.filter((line) => line.includes('against') && !line.includes('decided')).length, 2);
  assert.match(told.at(-1) ?? '', /decided: roll back/);
});
