import { shareOf } from '../../model/observation.ts';
import type { Engine } from '../../execute/engine.ts';
import { worldOf } from '../../execute/world.ts';
import { chooseTarget } from '../../decide/rollback-target.ts';
import type { TaskEnd } from './task-end.ts';
import { readSituation, type Situation, targetSituation } from '../situation.ts';

/**
 * Stops a version that is no longer needed, after looking again: never one with a share, the pointer, an operation on the lane,
 * or the one the next rollback would go to.
 */
export async function retire(engine: Engine, version: string, signal: AbortSignal): Promise<TaskEnd> {
  const situation = await readSituation(engine, signal);
  const needed = whyNeeded(engine, situation, version);
  if (needed) return { kind: 'over', note: `${version} stays: ${needed}` };
  if (!situation.observation.target?.versions[version]) return { kind: 'over', note: `${version} had stopped already` };
  await worldOf(engine).target.retire(
    version,
    `retire/${version}/${situation.observation.fence}`,
    situation.observation.fence,
    signal,
  );
  return { kind: 'over', note: `${version} was stopped` };
}

/** Why a version must not be stopped, as a sentence; null when nothing needs it. */
export function whyNeeded(engine: Engine, situation: Situation, version: string): string | null {
  const { observation, lane, serving } = situation;
  if (shareOf(observation.traffic?.weights ?? {}, version) > 0)
    return `it has ${shareOf(observation.traffic?.weights ?? {}, version)} % of the traffic`;
  if (observation.pointer === version) return 'it is in production by the registry';
  if (lane && [lane.plan.to, lane.plan.from].includes(version)) return `operation ${lane.id} is about it`;
  if (serving === null) return 'no version has all traffic';
  const next = chooseTarget(targetSituation(engine, situation, { from: serving, person: true, excluded: [] }));
  return next.kind === 'target' && next.version === version ? 'the next rollback would go to it' : null;
}
