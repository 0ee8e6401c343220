import { test } from 'node:test';
import { commitNumber } from '../hazard/rotating-quarter.ts';
import { assertOneHistory } from './recorded.ts';

test('what four operators are told who work on one service at once is one history, and nothing is undone without being named', async (context) => {
  const seed = commitNumber();
  const { commands } = await assertOneHistory(seed, 8);
  context.diagnostic(`${commands} commands of seed ${seed}`);
});
