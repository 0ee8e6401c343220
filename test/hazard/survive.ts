import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import type { Ended } from '../fixtures/local.ts';
import type { KilledService } from './killed-service.ts';
import { type KillPoint, named } from './kill-points.ts';
import type { Scenario } from './scenario.ts';

const goOn = ['resume', '-y'];

/** The points that a change passes through when nothing kills it. */
export async function undisturbed(service: KilledService, scenario: Scenario): Promise<readonly KillPoint[]> {
  await scenario.prepare?.(service);
  const { ended, points } = await service.traced(scenario.words);
  assert.equal(ended.code, scenario.ends ?? 0, ended.errors);
  await ends(service, scenario, 'undisturbed');
  return points;
}

/** Kills the change at a point, lets the next command go on, and gives back the points that this one passed through. */
export async function surviveOne(service: KilledService, scenario: Scenario, point: KillPoint): Promise<readonly KillPoint[]> {
  await scenario.prepare?.(service);
  await service.killed(scenario.words, point);
  return recovered(service, scenario, named(point));
}

/** Kills the change at a point, what goes on after it at another, and lets a third command finish. */
export async function surviveTwo(service: KilledService, scenario: Scenario, first: KillPoint, second: KillPoint): Promise<void> {
  await scenario.prepare?.(service);
  await service.killed(scenario.words, first);
  await service.killed(scenario.recovery ?? goOn, second);
  await recovered(service, scenario, `${named(first)} and ${named(second)}`);
}

async function recovered(service: KilledService, scenario: Scenario, after: string): Promise<readonly KillPoint[]> {
  const words = scenario.recovery ?? goOn;
  const { ended, points } = await service.traced(words);
  assertEnded(scenario, ended, `${words.join(' ')} after ${after}`);
  // Killed before it was created, an operation never was: then nothing has changed, and the command is given again.
  if (!isDeepStrictEqual(await service.seen(), scenario.wanted))
    assertEnded(scenario, await service.run(...scenario.words), `${scenario.words.join(' ')} again after ${after}`);
  await ends(service, scenario, `after ${after}`);
  return points;
}

async function ends(service: KilledService, scenario: Scenario, when: string): Promise<void> {
  assert.deepEqual(await service.seen(), scenario.wanted, `${scenario.kind} ${when}`);
  await scenario.holds?.(service);
  await scenario.clean?.(service);
}

function assertEnded(scenario: Scenario, ended: Ended, what: string): void {
  assert.ok(ended.code === 0 || ended.code === scenario.ends, `${what} ended with ${ended.code}\n${ended.output}${ended.errors}`);
}
