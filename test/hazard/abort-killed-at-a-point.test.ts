import { test } from 'node:test';
import { rotatingQuarter } from './rotating-quarter.ts';
import { scenarios, surviveKills } from './kill-scenarios.ts';

test('abort killed at a quarter of its points, another one with each commit, ends in one state and loses no request', async (context) => {
  for (const scenario of scenarios.filter(({ kind }) => kind === 'abort')) {
    const { points, killed, requests } = await surviveKills(scenario, rotatingQuarter());
    context.diagnostic(`${killed} of ${points} points, ${requests} requests, none lost`);
  }
});
