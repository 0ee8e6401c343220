import { configuration } from '../fixtures/local.ts';
import type { ServiceOptions } from './killed-service.ts';
import type { Scenario } from './scenario.ts';
import { byGuard } from './scenarios-by-guard.ts';
import { byHand } from './scenarios-by-hand.ts';
import { ofMarks } from './scenarios-of-marks.ts';
import { ofTasks } from './scenarios-of-tasks.ts';

/** Every kind of operation, by its name. */
export const scenarios: readonly Scenario[] = [...byHand, ...byGuard, ...ofMarks, ...ofTasks];

/** What a target is to a scenario: the configuration of a service on it. A further one joins by a line in `targets`. */
type KilledTarget = (scenario: Scenario) => string;

export const targets: Readonly<Record<string, KilledTarget>> = {
  process: ({ keeps = '0s', more = '', kind }) =>
    `${configuration(1).replace('warm: 0s', `warm: ${keeps}`)}${more}${kind.startsWith('tasks') ? 'notify: { command: "cat >> told.ndjson" }\n' : ''}`,
};

export function serviceOptions(scenario: Scenario, target: string, environment: NodeJS.ProcessEnv): ServiceOptions {
  const yaml = targets[target]?.(scenario);
  if (yaml === undefined) throw new Error(`there is no target ${target}; there are ${Object.keys(targets).join(', ')}`);
  return { yaml, environment, load: scenario.load ?? 20 };
}
