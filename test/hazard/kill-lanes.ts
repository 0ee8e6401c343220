import assert from 'node:assert/strict';
import type { ScenarioDatabase } from './databases.ts';
import { KilledService } from './killed-service.ts';
import { placeOn } from './kill-scenarios.ts';
import type { Scenario } from './scenario.ts';

export interface KillRun {
  readonly scenario: Scenario;
  readonly target: string;
  readonly database: ScenarioDatabase;
  /** Services beside one another. */
  readonly lanes: number;
}

/** One kill and what follows; it may find further rounds to be done. */
export type Round = (service: KilledService) => Promise<readonly Round[]>;

/** A registry that has seen hundreds of operations is slower than one that a test should wait for. */
const roundsPerService = 150;
/** Fewer are done sooner than a further service is begun. */
const worthALane = 6;

/** Works the rounds off, each lane on a service of its own. Gives back the requests that were answered meanwhile; none may be lost. */
export async function inLanes({ scenario, target, database, lanes }: KillRun, first: Round): Promise<number> {
  const left: Round[] = [first];
  const running: Promise<void>[] = [];
  let answered = 0;
  const onOneService = async (): Promise<void> => {
    const place = await placeOn(target, scenario, await database.environment());
    await using service = await KilledService.begin(place, async (begun) => scenario.set?.(begun));
    assert.ok(database.isUsed(service.local.directory), 'the state is kept in another database than was asked for');
    for (let count = 0; count < roundsPerService; count += 1) {
      const round = left.shift();
      if (!round) break;
      left.push(...(await round(service)));
      while (running.length < lanes && left.length > worthALane * running.length) running.push(lane());
    }
    const requests = await service.watched();
    assert.deepEqual(requests.lost, [], `${scenario.kind}: requests lost`);
    answered += requests.answered;
  };
  const failures: unknown[] = [];
  const lane = async (): Promise<void> => {
    try {
      while (left.length > 0) await onOneService();
    } catch (error) {
      failures.push(error);
      left.length = 0;
    }
  };
  running.push(lane());
  for (let index = 0; index < running.length; index += 1) await running[index];
  if (failures.length > 0) throw failures[0];
  return answered;
}
