import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { answer, listen, load, patience, rows } from './load-process.ts';

test('labels come later, one for each answered request, and say what is true of its row', patience, async (t) => {
  let place = 0;
  const url = await listen(t, (_request, response) => answer(response, place++ % 4 === 3 ? 500 : 200));
  const { entries, end, labels } = await load(
    t,
    url,
    '--limit',
    '40',
    '--rate',
    '200',
    '--from-hour',
    '18',
    '--labels-after',
    '300',
  ).result;
  const told = labels
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string; label: string; at: number });
  const answered = new Map(entries.filter(({ status }) => status === 200).map((entry) => [entry.id, entry]));
  assert.equal(end.labelled, 30);
  assert.deepEqual(told.map(({ id }) => id).sort(), [...answered.keys()].sort());
  for (const { id, label, at } of told) {
    const entry = answered.get(id)!;
    assert.equal(label, rows[entry.row]?.label);
    assert.ok(at >= entry.done + 290, `${at - entry.done}`);
  }
  assert.ok(told.some(({ label }) => label === 'late') && told.some(({ label }) => label === 'on time'));
});

test('a reader of labels that goes away does not stop the requests', patience, async (t) => {
  const first = Promise.withResolvers<void>();
  const url = await listen(t, (_request, response) => {
    answer(response);
    first.resolve();
  });
  const { child, result } = load(t, url, '--limit', '60', '--rate', '200', '--labels-after', '1');
  await first.promise;
  child.stdout?.destroy();
  // Reading what the child told fails here, as it should: this side has gone away.
  const [[code]] = await Promise.all([once(child, 'exit'), assert.rejects(result)]);
  assert.equal(code, 0);
});
