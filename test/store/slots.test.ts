import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Slots } from '../../src/store/slots.ts';
import { urgencies, type Urgency } from '../../src/store/store.ts';

test('however many ask, never more than there are slots are at work, none is lost, and the urgent come first', async () => {
  const asked = fc.array(fc.record({ urgency: fc.constantFrom(...urgencies), lends: fc.boolean(), throws: fc.boolean() }), {
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), asked, async (most, all) => {
      const slots = new Slots(most);
      const begun: number[] = [];
      let atWork = 0;
      let peak = 0;
      const enter = (): void => {
        atWork += 1;
        peak = Math.max(peak, atWork);
      };
      const ends = await Promise.allSettled(
        all.map(({ urgency, lends, throws }, index) =>
          slots.use(urgency, async () => {
            begun.push(index);
            enter();
            try {
              await Promise.resolve();
              if (lends) await lent(slots, throws, () => (atWork -= 1), enter);
            } finally {
              atWork -= 1;
            }
            if (throws) throw new Error('held');
            return index;
          }),
        ),
      );
      assert.ok(peak <= most, `${peak} at work`);
      assert.deepEqual(
        ends.map(({ status }) => status === 'rejected'),
        all.map(({ throws }) => throws),
      );
      assert.deepEqual(
        [...begun].sort((one, other) => one - other),
        [...all.keys()],
      );
      const turn = (index: number): number => urgencies.indexOf(all[index]?.urgency as Urgency);
      // The first ones find a slot free; behind them it is by urgency, then by who came first.
      const behind = begun.slice(most);
      assert.deepEqual(
        behind,
        [...behind].sort((one, other) => turn(one) - turn(other) || one - other),
      );
      assert.equal(atWork, 0);
      assert.equal(await slots.use('usual', async () => 'free again'), 'free again');
    }),
  );
});

async function lent(slots: Slots, throws: boolean, leave: () => void, enter: () => void): Promise<void> {
  leave();
  const work = async (): Promise<void> => {
    if (throws) throw new Error('lent');
  };
  await slots.lend(work).finally(enter);
}
