import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Load } from '../fixtures/load.ts';
import { configuration, Local } from '../fixtures/local.ts';

/** Tells the label `ok` of everything that was answered, as it comes, until it is stopped. */
function labeller(local: Local, load: Load): { readonly stop: () => Promise<void> } {
  const label = local.start(['label', 'fraud-scorer', '-']);
  let told = 0;
  const tell = (): void => {
    // A second later than it was answered, for both versions to have been asked.
    const due = load.answers.slice(told, Math.max(told, load.answers.length - 150));
    told += due.length;
    for (const { id } of due) label.stdin?.write(`${JSON.stringify({ id, label: 'ok' })}\n`);
  };
  const timer = setInterval(tell, 200);
  return {
    stop: () => {
      clearInterval(timer);
      label.stdin?.end();
      return new Promise((resolve) => label.once('close', () => resolve()));
    },
  };
}

test('a canary with hardly any traffic that answers wrong is taken back by what both versions said to the same requests', async () => {
  const yaml = configuration(1, '    labels: { answer: "outputs[0].data[0]", pair: 50% }\n    guard: { deadline: 60s }\n');
  await using local = new Local({ yaml });
  await local.must(0, 'up', '--unsupervised');
  await local.must(0, 'register', '1.0.0', local.model('1.0.0'));
  await local.must(0, 'register', '1.1.0', local.model('1.1.0', { answer: 'wrong' }));
  await local.must(0, 'deploy', '1.0.0', '-y');
  const { address } = await local.service();
  await using load = new Load(address, 150);
  await load.answered(200);
  const labels = labeller(local, load);
  const ended = await local.run(['deploy', '1.1.0', '--steps', '2,100', '--every', '2s', '-y', '-o', 'json']);
  await labels.stop();
  assert.equal(ended.code, 8, ended.errors);
  const { operation } = JSON.parse(ended.output);
  assert.match(operation.decision.because, /^wrong answers to the same requests of 1\.1\.0 100\.0 % against 0\.0 % of 1\.0\.0/);
  const { answers, pairs } = operation.guard.state.metrics;
  assert.ok(pairs.canary.of > 3 * answers.canary.of, `${pairs.canary.of} pairs, ${answers.canary.of} labels of its own answers`);
  assert.deepEqual([pairs.canary.bad, pairs.baseline.bad], [pairs.canary.of, 0]);
  assert.deepEqual(load.lost, []);
  const replayed = await local.document('guard', '--replay', operation.id);
  assert.deepEqual([replayed.policy.paired, replayed.rules[0].action], [true, 'roll back']);
  assert.match((await local.must(0, 'incident', 'show')).output, /wrong answers to the same requests/);
});
