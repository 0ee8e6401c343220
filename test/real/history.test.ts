import { test } from 'node:test';
import { assertOneHistory } from '../history/recorded.ts';

const histories = 8;
const first = Number(process.env['SOFARE_SEED'] ?? 1);

for (let seed = first; seed < first + histories; seed += 1)
  test(`what four operators are told is one history, seed ${seed}`, async (context) => {
    const { commands } = await assertOneHistory(seed, 15);
    context.diagnostic(`${commands} commands`);
  });
