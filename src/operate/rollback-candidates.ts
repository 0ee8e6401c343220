import { chooseTarget } from '../decide/rollback-target.ts';
import type { ModelVersion } from '../model/version.ts';
import type { Engine } from '../execute/engine.ts';
import { readSituation, targetSituation } from './situation.ts';

/** Versions that a rollback by a person could go to now, best first: each is what would be chosen if the ones before it did not come up. */
export async function rollbackCandidates(engine: Engine, signal: AbortSignal): Promise<readonly ModelVersion[]> {
  const situation = await readSituation(engine, signal);
  const { lane, serving, observation } = situation;
  const from = lane?.kind === 'deploy' || lane?.kind === 'promote' ? lane.plan.to : (serving ?? observation.pointer);
  const found: ModelVersion[] = [];
  while (from !== null) {
    const choice = chooseTarget(
      targetSituation(engine, situation, { from, person: true, excluded: found.map(({ version }) => version) }),
    );
    const version = choice.kind === 'target' ? situation.versions.get(choice.version) : undefined;
    if (!version) break;
    found.push(version);
  }
  return found;
}
