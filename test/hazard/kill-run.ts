import assert from 'node:assert/strict';
import { inLanes, type KillRun, type Round } from './kill-lanes.ts';
import { certain, gaps, type KillPoint, named } from './kill-points.ts';
import { surviveOne, surviveTwo, undisturbed } from './survive.ts';

export interface Survived {
  /** Points that the change passes through. */
  readonly points: number;
  /** Changes that were killed once, and those whose recovery was killed too. */
  readonly singles: number;
  readonly pairs: number;
  readonly requests: number;
}

/** Out of all points that a run reached; what a later run may not reach must be left out. */
export type Choice = (points: readonly KillPoint[]) => readonly KillPoint[];

export const none: Choice = () => [];

/**
 * Kills a change at each of the points that `singles` chooses; and of those that `pairs.firsts` chooses, kills also the recovery from
 * it, at each point of that which `pairs.seconds` chooses. All of it under load.
 */
export async function killRun(
  run: KillRun,
  singles: Choice,
  pairs: { readonly firsts: Choice; readonly seconds: Choice } = { firsts: none, seconds: none },
): Promise<Survived> {
  const { scenario } = run;
  const count = { points: 0, singles: 0, pairs: 0 };
  const two =
    (first: KillPoint, second: KillPoint): Round =>
    async (service) => {
      await surviveTwo(service, scenario, first, second);
      count.pairs += 1;
      return [];
    };
  const one =
    (first: KillPoint, seconds: Choice): Round =>
    async (service) => {
      const recovery = await surviveOne(service, scenario, first);
      count.singles += 1;
      return seconds(recovery).map((second) => two(first, second));
    };
  const requests = await inLanes(run, async (service) => {
    const points = await undisturbed(service, scenario);
    assert.deepEqual(gaps(points, scenario.effects), []);
    count.points = certain(points).length;
    const firsts = new Map(pairs.firsts(points).map((point) => [named(point), point]));
    const chosen = new Map([...singles(points).map((point) => [named(point), point] as const), ...firsts]);
    return [...chosen].map(([name, point]) => one(point, firsts.has(name) ? pairs.seconds : none));
  });
  return { ...count, requests };
}
