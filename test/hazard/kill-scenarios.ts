import { deploymentPlace } from './deployment-place.ts';
import type { KilledPlace } from './killed-service.ts';
import { processPlace } from './process-place.ts';
import type { Scenario } from './scenario.ts';
import { byGuard } from './scenarios-by-guard.ts';
import { byHand } from './scenarios-by-hand.ts';
import { ofMarks } from './scenarios-of-marks.ts';
import { ofTasks } from './scenarios-of-tasks.ts';

/** Every kind of operation, by its name. */
export const scenarios: readonly Scenario[] = [...byHand, ...byGuard, ...ofMarks, ...ofTasks];

/** What a target is to a scenario: a place where a service on it runs. A further one joins by a line. */
const targets: Readonly<Record<string, (scenario: Scenario, environment: NodeJS.ProcessEnv) => Promise<KilledPlace>>> = {
  process: processPlace,
  deployment: deploymentPlace,
};

export function placeOn(target: string, scenario: Scenario, environment: NodeJS.ProcessEnv): Promise<KilledPlace> {
  const made = targets[target]?.(scenario, environment);
  if (made === undefined) throw new Error(`there is no target ${target}; there are ${Object.keys(targets).join(', ')}`);
  return made;
}
