import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Step } from '../../src/model/plan.ts';
import type { PolicyStep, RolloutPolicy } from '../../src/model/policy.ts';
import { policySteps } from '../../src/plan/policy-steps.ts';

const rollout = (strategy: RolloutPolicy['strategy']): RolloutPolicy => ({
  name: 'r',
  strategy,
  progressDeadline: 60_000,
  progressDeadlineAbort: false,
  rollbackWindow: 0,
  keptAfterAbort: 30_000,
});
const canary = (steps: readonly PolicyStep[], more: { finalGate?: boolean; startingStep?: number } = {}): RolloutPolicy =>
  rollout({
    kind: 'canary',
    steps,
    background:
      more.startingStep === undefined ? null : { startingStep: more.startingStep, analysis: { name: 'a', metrics: [] } },
    finalGate: more.finalGate ?? false,
  });
const made = (policy: RolloutPolicy, changes: { ready?: number; golden?: boolean; fresh?: boolean } = {}) =>
  policySteps({
    policy,
    from: '1.0.0',
    to: '1.1.0',
    copies: 4,
    ready: changes.ready ?? 0,
    golden: changes.golden ?? false,
    fresh: changes.fresh ?? false,
  });

function short(step: Step): string {
  switch (step.kind) {
    case 'wake':
      return `wake ${step.copies}`;
    case 'route':
      return `${step.weights['1.1.0'] ?? 0}%${step.point === null ? '' : ' pointed'}`;
    case 'pause':
      return `pause ${step.for}`;
    default:
      return step.kind;
  }
}
const weight = (value: number): PolicyStep => ({ kind: 'setWeight', weight: value });
const scale = (copies: number | null, percent: number | null = null): PolicyStep => ({ kind: 'setCanaryScale', copies, percent });

test('a policy ends with all traffic and the pointer, whatever its last step is', () => {
  assert.deepEqual(made(canary([weight(10), { kind: 'pause', for: 1 }])).steps.map(short), [
    'wake 4',
    '10%',
    'pause 1',
    '100% pointed',
    'confirm',
  ]);
  assert.deepEqual(made(canary([weight(10), weight(100)])).steps.map(short), ['wake 4', '10%', '100% pointed', 'confirm']);
  assert.deepEqual(made(canary([])).steps.map(short), ['wake 4', '100% pointed', 'confirm']);
});

test('behind the final gate a version with all traffic has no pointer yet, so that it can be aborted', () => {
  const { steps } = made(canary([weight(100)], { finalGate: true }));
  assert.deepEqual(steps.map(short), ['wake 4', '100%', 'pause null', '100% pointed', 'confirm']);
});

test('copies go before traffic, and are all there before all of it', () => {
  const { steps, impossible } = made(canary([scale(1), weight(10), scale(null), weight(60), scale(null), weight(100)]));
  assert.deepEqual(steps.map(short), ['wake 1', '10%', '60%', 'wake 3', 'wake 4', '100% pointed', 'confirm']);
  assert.equal(impossible, null);
  assert.match(made(canary([scale(3), weight(10), scale(1)])).impossible ?? '', /takes copies away/);
  assert.match(made(canary([scale(9)])).impossible ?? '', /wants 9 copies/);
});

test('what is ready is not woken; golden requests come before traffic and move the start of what runs beside', () => {
  assert.deepEqual(made(canary([weight(10)]), { ready: 4 }).steps.map(short), ['10%', '100% pointed', 'confirm']);
  const { steps, background } = made(canary([weight(10), weight(50)], { startingStep: 1 }), { golden: true });
  assert.deepEqual(steps.map(short), ['wake 4', 'prove', '10%', '50%', '100% pointed', 'confirm']);
  assert.equal(steps[background?.fromStep ?? -1]?.kind, 'route');
  assert.equal(background?.fromStep, 3);
});

test('a share of nothing and a share of all leave no version with an empty one', () => {
  const { steps } = made(canary([weight(0), weight(100), { kind: 'pause', for: 1 }]));
  assert.deepEqual(
    steps.filter((step) => step.kind === 'route').map(({ weights }) => weights),
    [{ '1.0.0': 100 }, { '1.1.0': 100 }, { '1.1.0': 100 }],
  );
});

test('fresh copies of the stable version are as many as the new one has, and have its share, wherever the two are compared', () => {
  const { steps } = made(canary([scale(1), weight(10), scale(2), weight(60)]), { fresh: true });
  assert.deepEqual(
    steps.map((step) =>
      step.kind === 'wake' ? `${step.version} x${step.copies}` : step.kind === 'route' ? step.weights : step.kind,
    ),
    [
      '1.1.0 x1',
      '1.0.0@fresh x1',
      { '1.0.0': 80, '1.0.0@fresh': 10, '1.1.0': 10 },
      '1.1.0 x2',
      '1.0.0@fresh x2',
      { '1.0.0@fresh': 40, '1.1.0': 60 },
      '1.1.0 x4',
      { '1.1.0': 100 },
      'confirm',
    ],
  );
});

test('blue-green puts its analyses around all traffic', () => {
  const analysis = { name: 'a', metrics: [] };
  const policy = rollout({
    kind: 'blueGreen',
    previewCopies: 1,
    before: analysis,
    pause: { for: null },
    after: analysis,
    keptBefore: null,
  });
  assert.deepEqual(made(policy).steps.map(short), [
    'wake 1',
    'analysis',
    'pause null',
    'wake 4',
    '100%',
    'analysis',
    '100% pointed',
    'confirm',
  ]);
});
