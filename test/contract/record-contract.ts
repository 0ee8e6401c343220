import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from '../../src/model/errors.ts';
import type { ServiceRecord } from '../../src/model/service-record.ts';
import type { RecordStore } from '../../src/ports/record.ts';
import { serviceRecord } from '../fixtures/records.ts';

/** The place of a record in which nothing was written yet, as two controllers see it. */
export interface Recorded extends AsyncDisposable {
  readonly one: RecordStore;
  readonly other: RecordStore;
}

const { signal } = new AbortController();
const under = (fence: number, holder = 'host/boot/1/1'): ServiceRecord => serviceRecord({ fence, holder });

/** What controllers that meet beside what serves rely on. */
export function recordContract(name: string, make: () => Promise<Recorded>): void {
  test(`${name}: before anything was written there is no record, and its first write is a swap from there`, async () => {
    await using recorded = await make();
    const { one } = recorded;
    assert.deepEqual(await one.read(signal), { revision: 0, value: null });
    assert.equal(await one.swap(0, under(1), signal), true);
    const { revision, value } = await one.read(signal);
    assert.deepEqual(value, under(1));
    assert.notEqual(revision, 0);
  });

  test(`${name}: what one controller wrote the other reads, word for word`, async () => {
    await using recorded = await make();
    const { one, other } = recorded;
    await one.swap(0, under(3), signal);
    assert.deepEqual(await other.read(signal), await one.read(signal));
  });

  test(`${name}: a swap from what is no longer there writes nothing`, async () => {
    await using recorded = await make();
    const { one, other } = recorded;
    await one.swap(0, under(1), signal);
    const { revision } = await one.read(signal);
    assert.equal(await other.swap(revision, under(2), signal), true);
    assert.equal(await one.swap(revision, under(2, 'somebody/else/2/2'), signal), false);
    assert.equal(await one.swap(0, under(2, 'somebody/else/2/2'), signal), false);
    assert.deepEqual((await one.read(signal)).value, under(2));
  });

  test(`${name}: of many who swap from the same revision exactly one has it`, async () => {
    await using recorded = await make();
    const { one, other } = recorded;
    for (const fence of [1, 2, 3]) {
      const { revision } = await one.read(signal);
      const wanted = Array.from({ length: 8 }, (_, index) => under(fence, `host/boot/${index}/1`));
      const swapped = await Promise.all(wanted.map((value, index) => (index % 2 ? one : other).swap(revision, value, signal)));
      assert.equal(swapped.filter(Boolean).length, 1);
      assert.deepEqual((await other.read(signal)).value, wanted[swapped.indexOf(true)]);
    }
  });

  test(`${name}: a lower fence than the record's is refused, and nothing has changed`, async () => {
    await using recorded = await make();
    const { one, other } = recorded;
    await one.swap(0, under(7), signal);
    const { revision } = await one.read(signal);
    await assert.rejects(
      other.swap(revision, under(6), signal),
      (error) => error instanceof ProblemError && error.problem.code === 'superseded' && error.problem.touched === 'no',
    );
    assert.deepEqual(await one.read(signal), { revision, value: under(7) });
  });
}
