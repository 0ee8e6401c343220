import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { gapsOf } from '../../examples/flights/replay/pace.mjs';
import { answer, listen, load, patience, program, rows, sample } from './load-process.ts';

test('requests are sent at their times whether or not the earlier ones were answered', patience, async (t) => {
  const waiting: ServerResponse[] = [];
  const url = await listen(t, (_request, response) => {
    // A generator that waits for answers would never get here.
    if (waiting.push(response) === 60) for (const one of waiting) answer(one);
  });
  const { entries, end } = await load(t, url, '--rate', '200', '--limit', '60', '--within', '60000').result;
  assert.deepEqual([end.requests, end.lost], [60, 0]);
  assert.ok(Math.max(...entries.map(({ sent }) => sent)) <= Math.min(...entries.map(({ done }) => done)));
});

test('the rate is held: no more than asked for, and no less in the busiest hour', patience, async (t) => {
  const url = await listen(t, (_request, response) => answer(response));
  // From seven o'clock on the flights of the sample leave at nearly the rate of the busiest hour.
  const { entries } = await load(t, url, '--rate', '100', '--limit', '200', '--from-hour', '7').result;
  const sent = entries.map((entry) => entry.sent).sort((one, other) => one - other);
  const took = sent.at(-1)! - sent[0]!;
  const planned = gapsOf(
    rows.filter(({ flight }) => flight.hour >= 7),
    100,
  )
    .slice(0, 199)
    .reduce((sum, gap) => sum + gap, 0);
  assert.ok(took >= planned * 0.75, `${took} ms for what takes ${planned} ms`);
  assert.ok(planned < 2_500);
});

for (const [how, args, stop] of [
  ['SIGTERM', [], (child: ChildProcess) => child.kill('SIGTERM')],
  ['the end of standard input', ['--stop-with-stdin'], (child: ChildProcess) => child.stdin?.end()],
] as const) {
  test(`stopped by ${how} it sends no more and waits for what is in flight`, patience, async (t) => {
    const waiting: ServerResponse[] = [];
    const held = Promise.withResolvers<void>();
    const url = await listen(t, (_request, response) => {
      if (waiting.push(response) === 5) held.resolve();
    });
    const { child, result } = load(t, url, '--rate', '50', '--within', '60000', ...args);
    await held.promise;
    const stopping = once(createInterface({ input: child.stderr! }), 'line');
    stop(child);
    const [line] = await stopping;
    const flying = Number(/(\d+) in flight/.exec(line)?.[1]);
    await until(() => waiting.length === flying);
    for (const response of waiting) answer(response);
    const { code, entries, end } = await result;
    assert.equal(code, 0);
    assert.equal(entries.length, flying);
    assert.ok(flying >= 5 && entries.every(({ status }) => status === 200));
    assert.deepEqual([end.end, end.requests, end.lost], [true, flying, 0]);
  });
}

test('the seed fixes ids and rows', patience, async (t) => {
  const url = await listen(t, (_request, response) => answer(response));
  const order = async (...args: readonly string[]): Promise<string[]> => {
    const { entries } = await load(t, url, '--limit', '20', '--rate', '200', ...args).result;
    return entries.map(({ id, row }) => `${row} ${id}`).sort();
  };
  const [one, again, other] = [await order('--seed', '7'), await order('--seed', '7'), await order('--seed', '8')];
  assert.deepEqual(one, again);
  assert.equal(one.filter((line) => other.includes(line)).length, 0);
});

test('a day is paced by its own volume, the busiest hour at the rate and no hour at less than a fifth of it', () => {
  const hour = (at: number, flights: number): { flight: { hour: number } }[] =>
    Array.from({ length: flights }, () => ({ flight: { hour: at } }));
  const gaps = gapsOf([...hour(3, 1), ...hour(8, 100), ...hour(9, 50)], 200);
  assert.deepEqual([gaps[0], gaps[1], gaps[150]], [25, 5, 10]);
});

for (const [what, args] of [
  ['a rate over 200', ['--rate', '201']],
  ['an unknown option', ['--retry', '3']],
  ['an address that is none', ['--url', 'nowhere']],
  ['a limit that is no number', ['--limit', 'many']],
] as const) {
  test(`${what} is refused with the usage, and nothing is sent`, patience, async (t) => {
    let requests = 0;
    const url = await listen(t, (_request, response) => {
      requests += 1;
      answer(response);
    });
    const child = spawn(process.execPath, [program, '--url', url, '--rows', sample, '--ledger', '/dev/null', ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const [[code], message] = await Promise.all([once(child, 'exit'), text(child.stderr)]);
    assert.equal(code, 2);
    assert.match(message, /--/);
    assert.equal(requests, 0);
  });
}

/** Resolves when something that other events bring about is so. */
async function until(so: () => boolean): Promise<void> {
  while (!so()) await new Promise((resolve) => setImmediate(resolve));
}
