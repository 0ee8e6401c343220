import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Problem, ProblemError } from '../../src/model/errors.ts';
import type { Weights } from '../../src/model/observation.ts';
import type { Traffic } from '../../src/ports/traffic.ts';

/** A traffic path behind which 1.0.0 and 1.1.0 run and are ready, and 2.0.0 runs and is not. Nothing was written yet. */
export interface Routed extends AsyncDisposable {
  readonly traffic: Traffic;
  /** The versions with at least a tenth of the traffic, and any other that a new request can reach, found without the adapter. */
  reached(): Promise<readonly string[]>;
}

const { signal } = new AbortController();

/** What the executor relies on, of whatever brings requests to versions. */
export function trafficContract(name: string, make: () => Promise<Routed>): void {
  const all = (version: string): Weights => ({ [version]: 100 });

  test(`${name}: what was written is read, with the fence it was written under`, async () => {
    await using routed = await make();
    for (const [index, weights] of [all('1.0.0'), all('1.1.0'), all('1.0.0')].entries()) {
      await routed.traffic.write(weights, `op/${index}`, 5 + index, signal);
      const read = await routed.traffic.read(signal);
      assert.deepEqual(positive(read.weights), weights);
      assert.deepEqual(read.besides ?? [], []);
      assert.equal(read.fence, 5 + index);
    }
  });

  test(`${name}: when a write has returned no new request reaches a version without a share`, async () => {
    await using routed = await make();
    for (const [index, version] of ['1.0.0', '1.1.0', '1.0.0', '1.1.0'].entries()) {
      await routed.traffic.write(all(version), `op/${index}`, 1, signal);
      assert.deepEqual(await routed.reached(), [version]);
    }
  });

  test(`${name}: a split is as fine as it says, or refused where only all or nothing is possible`, async () => {
    await using routed = await make();
    const { traffic } = routed;
    await traffic.write(all('1.0.0'), 'op/0', 1, signal);
    for (const [index, share] of [10, 0.5, 33.3, 99.9].entries()) {
      const weights = { '1.0.0': 100 - share, '1.1.0': share };
      const written = traffic.write(weights, `op/${index + 1}`, 1, signal);
      if (!traffic.can.weights) {
        assert.equal((await refusal(written)).code, 'usage');
        assert.deepEqual(positive((await traffic.read(signal)).weights), all('1.0.0'));
        continue;
      }
      await written;
      const read = (await traffic.read(signal)).weights;
      assert.ok(Math.abs((read['1.1.0'] ?? 0) - share) < 1e-4 && Math.abs((read['1.0.0'] ?? 0) - 100 + share) < 1e-4);
      if (share >= 10 && share <= 90) assert.deepEqual([...(await routed.reached())].toSorted(), ['1.0.0', '1.1.0']);
    }
  });

  test(`${name}: a fence below the highest seen is refused, and nothing has changed`, async () => {
    await using routed = await make();
    await routed.traffic.write(all('1.0.0'), 'new/0', 7, signal);
    const problem = await refusal(routed.traffic.write(all('1.1.0'), 'old/0', 6, signal));
    assert.equal(problem.code, 'superseded');
    const read = await routed.traffic.read(signal);
    assert.deepEqual([positive(read.weights), read.fence], [all('1.0.0'), 7]);
    assert.deepEqual(await routed.reached(), ['1.0.0']);
  });

  test(`${name}: the same write twice is the same write`, async () => {
    await using routed = await make();
    for (let repeat = 0; repeat < 2; repeat += 1) {
      await routed.traffic.write(all('1.1.0'), 'op/0', 3, signal);
      assert.deepEqual(positive((await routed.traffic.read(signal)).weights), all('1.1.0'));
    }
  });

  test(`${name}: a version that is not ready, or that nobody knows, gets no traffic`, async () => {
    await using routed = await make();
    await routed.traffic.write(all('1.0.0'), 'op/0', 1, signal);
    for (const version of ['2.0.0', '9.9.9']) {
      const problem = await refusal(routed.traffic.write(all(version), `op/${version}`, 1, signal));
      assert.equal(problem.code, 'target.not-ready');
    }
    assert.deepEqual(positive((await routed.traffic.read(signal)).weights), all('1.0.0'));
    assert.deepEqual(await routed.reached(), ['1.0.0']);
  });

  test(`${name}: shares that do not sum to 100 are refused, and nothing has changed`, async () => {
    await using routed = await make();
    await routed.traffic.write(all('1.0.0'), 'op/0', 1, signal);
    for (const weights of [{ '1.0.0': 90 }, { '1.0.0': 110, '1.1.0': -10 }, { '1.0.0': 100, '1.1.0': 100 }]) {
      assert.equal((await refusal(routed.traffic.write(weights, 'op/1', 1, signal))).code, 'usage');
    }
    assert.deepEqual(positive((await routed.traffic.read(signal)).weights), all('1.0.0'));
  });
}

function positive(weights: Weights): Weights {
  return Object.fromEntries(Object.entries(weights).filter(([, share]) => share > 0));
}

async function refusal(work: Promise<unknown>): Promise<Problem> {
  const error = await work.then(
    () => null,
    (each: unknown) => each,
  );
  assert.ok(error instanceof ProblemError, `nothing was refused: ${String(error)}`);
  assert.equal(error.problem.touched, 'no');
  return error.problem;
}
