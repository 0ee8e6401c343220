import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Labels } from '../../src/host/labels.ts';
import type { ServingPolicy } from '../../src/model/hosting.ts';
import { send } from './fixtures/send.ts';
import { service, TestHost } from './fixtures/test-host.ts';

type Policy = NonNullable<ServingPolicy['labels']>;

const nothing = { scored: 0, unknown: 0, duplicate: 0, late: 0, malformed: 0 };
const policy: Policy = { answer: 'outputs[0].data[0]', compare: 'equal', wait: 1_000 };

function scorer(): { readonly labels: Labels; readonly scores: string[] } {
  const scores: string[] = [];
  const said = (version: string, right: boolean): string => `${version} ${right ? 'right' : 'wrong'}`;
  const labels = new Labels(
    {
      label: (version, right) => scores.push(said(version, right)),
      pair: (both) => scores.push(`both: ${both.map(({ version, right }) => said(version, right)).join(', ')}`),
    },
    nothing,
  );
  return { scores, labels };
}

function answer(value: unknown): Buffer {
  return Buffer.from(JSON.stringify({ outputs: [{ data: [value] }] }));
}

function line(id: string, label: unknown, at?: unknown): string {
  return JSON.stringify({ id, label, at });
}

test('a label is scored once, against the answer of the version that gave it', () => {
  const { labels, scores } = scorer();
  labels.keep(policy, 'a', '1.0.0', answer(1), 0);
  labels.keep(policy, 'b', '2.0.0', answer('late'), 0);
  assert.deepEqual(labels.take(policy, [line('a', 1, 10), '', line('b', 'on time', 10), line('a', 1, 11)], 20), {
    ...nothing,
    scored: 2,
    duplicate: 1,
  });
  assert.deepEqual(scores, ['1.0.0 right', '2.0.0 wrong']);
});

test('what is unknown, late or malformed is counted and never scored', () => {
  const { labels, scores } = scorer();
  labels.keep(policy, 'a', '1.0.0', answer(1), 0);
  labels.keep(policy, 'b', '1.0.0', answer(1), 0);
  labels.keep(policy, 'c', '1.0.0', Buffer.from('not JSON'), 0);
  labels.keep(policy, 'd', '1.0.0', Buffer.from('{"outputs":[{"data":[{"nested":1}]}]}'), 0);
  const lines = [
    line('never asked', 1),
    line('c', 1),
    line('d', 1),
    line('a', 1, 5_000),
    line('b', 1, '1970-01-01T00:00:00.010Z'),
  ];
  assert.deepEqual(labels.take(policy, lines, 1_500), { ...nothing, unknown: 3, late: 2 });
  const broken = [
    '{',
    '[]',
    'null',
    '{"id":1,"label":1}',
    line('a', undefined),
    line('a', null),
    line('a', {}),
    line('a', 1, 'yesterday'),
  ];
  assert.deepEqual(labels.take(policy, broken, 10), { ...nothing, malformed: broken.length });
  assert.deepEqual(scores, []);
  assert.deepEqual(labels.receipt(), { ...nothing, unknown: 3, late: 2, malformed: broken.length });
});

test('numbers agree within a distance, and a label that is no number is malformed there', () => {
  const { labels, scores } = scorer();
  const near: Policy = { ...policy, compare: { within: 0.5 } };
  for (const id of ['a', 'b', 'c']) labels.keep(near, id, id, answer(10), 0);
  assert.deepEqual(labels.take(near, [line('a', 10.5), line('b', '9.4'), line('c', 'ten')], 1), {
    ...nothing,
    scored: 2,
    malformed: 1,
  });
  assert.deepEqual(scores, ['a right', 'b wrong']);
});

test('where both versions answered, a label scores the one that served and compares the two', () => {
  const { labels, scores } = scorer();
  for (const id of ['a', 'b', 'c']) assert.equal(labels.keep(policy, id, '1.0.0', answer(1), 0), true);
  assert.equal(labels.keep(policy, 'd', '1.0.0', Buffer.from('{}'), 0), false);
  labels.keepOther(policy, 'a', '2.0.0', answer(2));
  labels.keepOther(policy, 'b', '2.0.0', Buffer.from('broken'));
  labels.keepOther(policy, 'd', '2.0.0', answer(2));
  const told = labels.take(policy, [line('a', 1), line('b', 1), line('c', 1), line('d', 1), line('a', 1)], 1);
  // What comes after the label tells nothing any more.
  labels.keepOther(policy, 'c', '2.0.0', answer(2));
  assert.deepEqual(told, { ...nothing, scored: 3, unknown: 1, duplicate: 1 });
  assert.deepEqual(scores, ['1.0.0 right', 'both: 1.0.0 right, 2.0.0 wrong', '1.0.0 right', '1.0.0 right']);
});

test('an id that is answered twice keeps its first answer', () => {
  const { labels, scores } = scorer();
  labels.keep(policy, 'a', '1.0.0', answer('x'), 0);
  labels.keep(policy, 'a', '2.0.0', answer('y'), 1);
  labels.take(policy, [line('a', 'x')], 2);
  assert.deepEqual(scores, ['1.0.0 right']);
});

test('memory is bounded: the oldest answers go first', () => {
  const { labels, scores } = scorer();
  const patient: Policy = { ...policy, wait: 1e12 };
  for (let index = 0; index <= 100_000; index += 1) labels.keep(patient, `id ${index}`, 'v', answer(1), index);
  assert.deepEqual(labels.take(patient, [line('id 0', 1), line('id 1', 1), line('id 100000', 1)], 200_000), {
    ...nothing,
    unknown: 1,
    scored: 2,
  });
  assert.equal(scores.length, 2);
});

test('every line is counted exactly once, whatever it is', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.json(), fc.constantFrom(line('a', 1), line('b', 2), line('z', 1)))),
      (lines) => {
        const { labels } = scorer();
        labels.keep(policy, 'a', '1.0.0', answer(1), 0);
        labels.keep(policy, 'b', '1.0.0', answer(1), 0);
        const counts = labels.take(policy, lines, 1);
        assert.equal(
          Object.values(counts).reduce((sum, count) => sum + count, 0),
          lines.filter((each) => each.trim() !== '').length,
        );
      },
    ),
  );
});

test('answers that pass through are joined with labels that come later', async () => {
  await using host = await TestHost.start();
  const labels: Policy = { answer: 'outputs[0].data[0]', compare: 'equal', wait: 60_000 };
  const address = await host.full([host.version('1.0.0'), host.version('2.0.0')], { labels });
  await host.route({ '1.0.0': 50, '2.0.0': 50 });
  const asked = await Promise.all(
    Array.from({ length: 40 }, async (_, index) => ({
      id: `r${index}`,
      came: await send(`${address}/v2/models/m/infer?answer=late`, {
        headers: { 'x-request-id': `r${index}`, 'accept-encoding': 'gzip' },
      }),
    })),
  );
  await send(`${address}/error`, { headers: { 'x-request-id': 'failed' } });
  const lines = [
    ...asked.map(({ id }, index) => line(id, index < 30 ? 'late' : 'on time')),
    line('failed', 'late'),
    line('r0', 'late'),
  ];
  assert.deepEqual(await host.client.label(service, lines.join('\n'), AbortSignal.timeout(10_000)), {
    ...nothing,
    scored: 40,
    unknown: 1,
    duplicate: 1,
  });
  const { arms, labels: receipt } = await host.counters();
  assert.equal(receipt.scored, 40);
  for (const version of ['1.0.0', '2.0.0']) {
    const mine = asked
      .map(({ came }, index) => ({ right: index < 30, version: came.headers['x-sofare-version'] }))
      .filter((each) => each.version === version);
    assert.deepEqual(arms[version]?.labels, {
      right: mine.filter(({ right }) => right).length,
      wrong: mine.filter(({ right }) => !right).length,
    });
  }
});
