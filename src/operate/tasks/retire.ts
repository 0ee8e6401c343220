import { shareOf } from '../../model/observation.ts';
import { isFresh } from '../../model/fresh.ts';
import type { Engine } from '../../execute/engine.ts';
import { worldOf } from '../../execute/world.ts';
import type { Task } from '../../model/task.ts';
import { chooseTarget } from '../../decide/rollback-target.ts';
import type { TaskEnd } from './task-end.ts';
import { readSituation, type Situation, targetSituation } from '../situation.ts';

/**
 * Stops a version that is no longer needed, after looking again: never one with a share, the pointer, an operation on the lane,
 * or the one the next rollback would go to. One that an earlier task left running as that target, and that is it no longer, is
 * stopped with it: no task will ever ask for it again.
 */
export async function retire(engine: Engine, version: string, signal: AbortSignal): Promise<TaskEnd> {
  const situation = await readSituation(engine, signal);
  const notes: string[] = [];
  for (const each of [version, ...(await leftRunning(engine, situation, version))])
    notes.push(await retireOne(engine, situation, each, signal));
  return { kind: 'over', note: notes.join('; ') };
}

async function retireOne(engine: Engine, situation: Situation, version: string, signal: AbortSignal): Promise<string> {
  const needed = whyNeeded(engine, situation, version);
  if (needed) return `${version} stays: ${needed}`;
  if (!situation.observation.target?.versions[version]) return `${version} had stopped already`;
  const { fence } = situation.observation;
  await worldOf(engine).target.retire(version, `retire/${version}/${fence}`, fence, signal);
  return `${version} was stopped`;
}

/** Versions that run, served once or stood beside one, have no task of their own to stop them, and that nothing needs. */
async function leftRunning(engine: Engine, situation: Situation, asked: string): Promise<readonly string[]> {
  const rows = await engine.store.read
    .selectFrom('tasks')
    .select('data')
    .where('service', '=', engine.service.name)
    .where('kind', '=', 'retire')
    .execute();
  const planned = new Set(rows.map(({ data }) => (JSON.parse(data) as Extract<Task, { kind: 'retire' }>).version));
  return Object.keys(situation.observation.target?.versions ?? {}).filter(
    (version) =>
      version !== asked &&
      !planned.has(version) &&
      (isFresh(version) || situation.tenures.some((tenure) => tenure.version === version)) &&
      whyNeeded(engine, situation, version) === null,
  );
}

/** Why a version must not be stopped, as a sentence; null when nothing needs it. */
export function whyNeeded(engine: Engine, situation: Situation, version: string): string | null {
  const { observation, lane, serving } = situation;
  if (shareOf(observation.traffic?.weights ?? {}, version) > 0)
    return `it has ${shareOf(observation.traffic?.weights ?? {}, version)} % of the traffic`;
  if (observation.pointer === version) return 'it is in production by the registry';
  if (lane && [lane.plan.to, lane.plan.from, lane.plan.fresh].includes(version)) return `operation ${lane.id} is about it`;
  if (isFresh(version)) return null;
  if (serving === null) return 'no version has all traffic';
  const next = chooseTarget(targetSituation(engine, situation, { from: serving, person: true, excluded: [] }));
  return next.kind === 'target' && next.version === version ? 'the next rollback would go to it' : null;
}
