import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Load } from '../fixtures/load.ts';
import { configuration, Local } from '../fixtures/local.ts';

const users = 600;

test('where users are counted, slow and wrong answers are too: a canary that is bad for all is taken back, each user counted once', async () => {
  const yaml = configuration(1, '    labels: { answer: "outputs[0].data[0]" }\n    guard: { deadline: 60s }\n').replace(
    'listen: "127.0.0.1:0" }',
    'listen: "127.0.0.1:0", unit: x-user-id }',
  );
  await using local = new Local({ yaml });
  await local.must(0, 'up', '--unsupervised');
  await local.must(0, 'register', '1.0.0', local.model('1.0.0'));
  await local.must(0, 'register', '1.1.0', local.model('1.1.0', { slow: 300, answer: 'wrong' }));
  await local.must(0, 'deploy', '1.0.0', '-y');
  const { address } = await local.service();
  await using load = new Load(address, 150, users);
  await load.answered(200);
  const label = local.start(['label', 'fraud-scorer', '-']);
  let told = 0;
  const teller = setInterval(() => {
    const fresh = load.answers.slice(told);
    told += fresh.length;
    for (const { id } of fresh) label.stdin?.write(`${JSON.stringify({ id, label: 'ok' })}\n`);
  }, 200);
  const ended = await local.run(['deploy', '1.1.0', '--steps', '30,100', '--every', '2s', '-y', '-o', 'json']);
  clearInterval(teller);
  label.stdin?.end();
  await new Promise((resolve) => label.once('close', resolve));
  assert.equal(ended.code, 8, ended.errors);
  const { operation } = JSON.parse(ended.output);
  assert.match(operation.decision.because, /^(slow|wrong) answers/);
  const { state, policy } = operation.guard;
  assert.equal(state.byUnit, true);
  const slow = state.metrics['latency-p50'].canary;
  assert.ok(slow.bad > 0 && slow.bad === slow.of, 'every user of it meets slow answers');
  // As it was journalled, so that a replay counts users too.
  const { recording, rules } = await local.document('guard', '--replay', operation.id);
  const judged: readonly { canary: { requests: number; units: { reached: number[] } } }[] = recording.intervals.slice(
    policy.warmup,
  );
  const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);
  assert.equal(slow.of, sum(judged.map(({ canary }) => canary.units.reached[0] ?? 0)));
  assert.ok(slow.of < sum(judged.map(({ canary }) => canary.requests)));
  assert.equal(rules[0].action, 'roll back');
});
