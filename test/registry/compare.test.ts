import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareVersions } from '../../src/registry/compare.ts';
import { metricDirection } from '../../src/registry/metric-direction.ts';
import { bundleOf, digestOf, versionOf } from './fixture.ts';

test('everything that differs is told, and nothing else', () => {
  const from = versionOf('1.2.0', {
    bundle: {
      ...bundleOf('a'),
      artifacts: [...bundleOf('a').artifacts, { kind: 'referenced', uri: 's3://b/k', digest: digestOf('k'), size: 1 }],
      configuration: { threshold: '0.5', same: 'x' },
      environment: { OLD: '1' },
      schema: { input: { type: 'array' }, output: { type: 'number' } },
      migrations: ['one', 'two'],
    },
    parameters: { epochs: 50, seed: 1 },
    breakingChanges: ['renamed'],
  });
  const to = versionOf('1.3.0', {
    bundle: {
      ...bundleOf('b'),
      image: 'model@sha256:1',
      configuration: { threshold: '0.7', same: 'x' },
      schema: { input: { type: 'array' }, output: { type: 'string' } },
      migrations: ['two', 'three'],
    },
    parameters: { epochs: 60, seed: 1 },
  });
  assert.deepEqual(compareVersions(from, to), {
    from: '1.2.0',
    to: '1.3.0',
    sameBundle: false,
    artifacts: [
      { name: 'model.bin', from: digestOf('a'), to: digestOf('b') },
      { name: 's3://b/k', from: digestOf('k'), to: null },
    ],
    image: { name: 'image', from: null, to: 'model@sha256:1' },
    configuration: [{ name: 'threshold', from: '0.5', to: '0.7' }],
    environment: [{ name: 'OLD', from: '1', to: null }],
    schema: [{ name: 'output', from: '{"type":"number"}', to: '{"type":"string"}' }],
    migrations: { onlyFrom: ['one'], onlyTo: ['three'] },
    parameters: [{ name: 'epochs', from: '50', to: '60' }],
    metrics: [],
    breakingChanges: { from: ['renamed'], to: [] },
  });
});

test('the same content under two versions is one bundle', () => {
  const bundle = bundleOf('a');
  const comparison = compareVersions(versionOf('1.0.0', { bundle }), versionOf('1.0.1', { bundle }));
  assert.equal(comparison.sameBundle, true);
  assert.deepEqual(comparison.artifacts, []);
});

test('a metric is better or worse only where its direction is known and both sides are numbers', () => {
  const from = versionOf('1.0.0', {
    metrics: { test_accuracy: 0.5, val_loss: 2, flux: 1, auc: Number.NaN, mae: 1, gone: 3, speed: 1 },
  });
  const to = versionOf('1.1.0', { metrics: { test_accuracy: 0.6, val_loss: 3, flux: 2, auc: 0.7, mae: 1, speed: 2 } });
  const told = compareVersions(from, to, { speed: 'higher' }).metrics.map(({ name, verdict, direction, from: a, to: b }) => [
    name,
    direction,
    a,
    b,
    verdict,
  ]);
  assert.deepEqual(told, [
    ['auc', 'higher', null, 0.7, 'unknown'],
    ['flux', 'unknown', 1, 2, 'unknown'],
    ['gone', 'unknown', 3, null, 'unknown'],
    ['mae', 'lower', 1, 1, 'same'],
    ['speed', 'higher', 1, 2, 'better'],
    ['test_accuracy', 'higher', 0.5, 0.6, 'better'],
    ['val_loss', 'lower', 2, 3, 'worse'],
  ]);
});

test('the direction of a metric is read from its usual names and never guessed', () => {
  for (const name of ['accuracy', 'Test-Accuracy', 'val_f1', 'roc_auc']) assert.equal(metricDirection(name), 'higher', name);
  for (const name of ['loss', 'train_loss', 'TEST_RMSE', 'log-loss']) assert.equal(metricDirection(name), 'lower', name);
  for (const name of ['', 'inaccuracy', 'loss_of_signal', 'my_accuracy_thing', 'constructor'])
    assert.equal(metricDirection(name), 'unknown', name);
});
