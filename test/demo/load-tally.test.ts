import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tally } from '../../examples/flights/tally.mjs';

const entry = (over: Record<string, unknown> = {}): Record<string, unknown> => ({
  ...{
    id: 'a',
    row: 0,
    sent: 100,
    done: 110,
    status: 200,
    version: '1.2.0',
    instance: 'one',
    origin: null,
    error: null,
    answer: 'late',
  },
  ...over,
});
const event = (at: number, name: string, copy = 'one'): Record<string, unknown> => ({
  at,
  event: name,
  service: 'flights',
  version: '1.2.0',
  copy,
});
const lines = (...documents: readonly unknown[]): string => documents.map((document) => `${JSON.stringify(document)}\n`).join('');
const ready = lines(event(10, 'started'), event(50, 'ready'));

test('an answer of a ready copy is counted as nothing but a request', () => {
  assert.deepEqual(tally(lines(entry(), entry({ status: 404 }), entry({ status: 499 })), ready), {
    requests: 3,
    failed: 0,
    lost: 0,
    servedByUnready: 0,
  });
});

test('an error that a model answered is failed, not lost', () => {
  assert.deepEqual(tally(lines(entry({ status: 500 }), entry({ status: 503, origin: 'model' })), ready), {
    requests: 2,
    failed: 2,
    lost: 0,
    servedByUnready: 0,
  });
});

test('an error that the proxy made is lost, not failed, whether or not it names a copy', () => {
  const ledger = lines(
    entry({ status: 502, origin: 'proxy' }),
    entry({ status: 503, origin: 'proxy', instance: null, version: null }),
  );
  assert.deepEqual(tally(ledger, ready), { requests: 2, failed: 0, lost: 2, servedByUnready: 0 });
});

test('no answer and an answer that broke off are lost', () => {
  const ledger = lines(entry({ status: null, instance: null, error: 'ECONNREFUSED' }), entry({ status: null, error: 'aborted' }));
  assert.deepEqual(tally(ledger, ready), { requests: 2, failed: 0, lost: 2, servedByUnready: 0 });
});

for (const [what, events, expected] of [
  ['that became ready before the request was sent', lines(event(50, 'ready')), 0],
  ['that became ready in the moment the request was sent', lines(event(100, 'ready')), 0],
  ['that became ready after the request was sent', lines(event(10, 'started'), event(101, 'ready')), 1],
  ['that never became ready', lines(event(10, 'started')), 1],
  ['that was told to stop before the request was sent', lines(event(50, 'ready'), event(99, 'told-to-stop')), 1],
  [
    'that was told to stop while the request was in flight',
    lines(event(50, 'ready'), event(101, 'told-to-stop'), event(109, 'exited')),
    0,
  ],
  ['that had exited before the request was sent', lines(event(50, 'ready'), event(90, 'exited')), 1],
  ['that had become unready', lines(event(50, 'ready'), event(90, 'unready')), 1],
  ['that had become ready again', lines(event(50, 'ready'), event(60, 'unready'), event(90, 'ready')), 0],
  [
    'that a new host adopted after it had passed readiness',
    lines(event(50, 'ready'), event(60, 'unready'), event(90, 'adopted')),
    0,
  ],
  ['that a new host adopted before it passed readiness', lines(event(50, 'started'), event(90, 'adopted')), 1],
  ['of which only another is ready', lines(event(50, 'ready', 'two')), 1],
] as const) {
  test(`an answer of a copy ${what} counts ${expected} as served by an unready one`, () => {
    assert.deepEqual(tally(lines(entry()), events), { requests: 1, failed: 0, lost: 0, servedByUnready: expected });
  });
}

test('an answer that names no copy counts against us, an error from an unready copy too', () => {
  assert.equal(tally(lines(entry({ instance: null })), ready).servedByUnready, 1);
  assert.deepEqual(tally(lines(entry({ status: 500, sent: 20 })), ready), {
    requests: 1,
    failed: 1,
    lost: 0,
    servedByUnready: 1,
  });
});

test('the last line of the ledger with its totals is no request', () => {
  assert.equal(tally(lines(entry(), { end: true, requests: 1 }), ready).requests, 1);
});

test('events that are of no copy say nothing of one', () => {
  assert.equal(tally(lines(entry()), lines({ at: 10, event: 'weights', service: 'flights' }) + ready).servedByUnready, 0);
});

test('a line that a killed writer did not finish is left out, one that is damaged is named', () => {
  assert.equal(tally(`${lines(entry())}{"id":"b","ro`, `${ready}{"at":1`).requests, 1);
  assert.throws(() => tally(`{"id":\n${lines(entry())}`, ready), /line 1 of the ledger/);
  assert.throws(() => tally(lines(entry()), `${ready}nonsense\n`), /line 3 of the event log/);
});

test('nothing sent is nothing lost', () => {
  assert.deepEqual(tally('', ''), { requests: 0, failed: 0, lost: 0, servedByUnready: 0 });
});
