import { supervise } from './actors.ts';
import { beginnings } from './beginnings.ts';
import { abortCommand, type Command, deployOf, dueCommand, promoteCommand, resumeOf, rollbackOf } from './commands.ts';
import { CrashAt } from './crash-at.ts';
import { settle } from './settle.ts';
import { registryOnly, served, servedBeside } from './services.ts';
import { Simulation } from './simulation.ts';
import type { Machine } from './simulated-process.ts';

interface Scenario {
  readonly kind: string;
  readonly service: typeof served;
  readonly before: readonly Command[];
  readonly command: Command;
}

export const scenarios: readonly Scenario[] = [
  { kind: 'deploy', service: served, before: [], command: deployOf('1.3.0', [100], 0) },
  { kind: 'canary', service: served, before: [], command: deployOf('1.3.0', [10, 100], 3_000) },
  { kind: 'canary beside fresh copies', service: servedBeside, before: [], command: deployOf('1.3.0', [10, 100], 3_000) },
  {
    kind: 'abort of a canary beside fresh copies',
    service: servedBeside,
    before: [deployOf('1.3.0', [20], 0)],
    command: abortCommand,
  },
  { kind: 'promote', service: served, before: [deployOf('1.3.0', [20], 0)], command: promoteCommand },
  { kind: 'abort', service: served, before: [deployOf('1.3.0', [20], 0)], command: abortCommand },
  { kind: 'rollback', service: served, before: [], command: rollbackOf() },
  { kind: 'rollback of a deploy', service: served, before: [deployOf('1.3.0', [20], 0)], command: rollbackOf() },
  { kind: 'rollback in steps', service: served, before: [], command: rollbackOf({ shares: [50, 100], every: 2_000 }) },
  { kind: 'pointer alone', service: registryOnly, before: [], command: rollbackOf() },
];

interface Killed {
  /** Instants at which the last watched process could have died. */
  readonly instants: number;
  readonly broken: string | null;
  readonly at: readonly string[];
}

/** Runs a change whose process dies at one instant, and its recovery at another; null: it lives. What is left must come to its end. */
export async function killed(
  { service, before, command }: Scenario,
  supervised: boolean,
  ...kills: readonly (number | null)[]
): Promise<Killed> {
  const { used } = await beginnings();
  const faults = new CrashAt();
  const settings = { supervised, fenced: true, spread: false };
  const simulation = await Simulation.open({ seed: 7, beginning: used, faults, keepTrace: false, settings });
  const machine = simulation.machines[0] as Machine;
  const run = async (words: Command): Promise<void> => {
    const process = simulation.start(machine, 'ana', words, service);
    await simulation.run(simulation.scheduler.now + 300_000, () => !process.alive);
  };
  for (const words of before) await run(words);
  let instants = 0;
  for (const [index, nth] of kills.entries()) {
    faults.watch(nth);
    await run(index === 0 ? command : supervised ? dueCommand : resumeOf(null));
    faults.rest();
    instants = faults.passed;
  }
  if (supervised) supervise(simulation);
  const left = simulation.broken ?? (await settle(simulation));
  simulation.close();
  return { instants, broken: left, at: faults.happened.map(({ id }) => id) };
}

/** Every instant of a change, and behind each every instant of its recovery. */
export async function killPairs(
  scenario: Scenario,
  supervised: boolean,
  every = 1,
): Promise<{ readonly singles: number; readonly pairs: number; readonly broken: readonly string[] }> {
  const broken: string[] = [];
  const note = ({ broken: what, at }: Killed): void => {
    if (what !== null) broken.push(`${scenario.kind} ${at.join(', then ')}: ${what}`);
  };
  const whole = await killed(scenario, supervised, null);
  note(whole);
  let pairs = 0;
  for (let first = 1; first <= whole.instants; first += every) {
    const once = await killed(scenario, supervised, first, null);
    note(once);
    for (let second = 1; second <= once.instants; second += every) {
      pairs += 1;
      note(await killed(scenario, supervised, first, second));
    }
  }
  return { singles: Math.ceil(whole.instants / every), pairs, broken };
}
