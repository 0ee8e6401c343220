import { databases } from './databases.ts';
import { scenarios } from './kill-scenarios.ts';
import { type Choice, killRun, none, type Survived } from './kill-run.ts';
import { certain, leavingOtherStates } from './kill-points.ts';
import type { Scenario } from './scenario.ts';

export interface KillPlan {
  /** Empty: every kind. */
  readonly kinds: readonly string[];
  readonly target: string;
  readonly database: string;
  /** Services beside one another that compute; those that wait for the clock run beside them. */
  readonly lanes: number;
  readonly singles: Choice;
  /** The same of a kind that waits for the clock, where every round costs seconds; as `singles` where it is not given. */
  readonly whereItWaits?: Choice;
  readonly pairs: { readonly firsts: Choice; readonly seconds: Choice };
  /** Told of each kind when it is through. */
  readonly survived: (told: KindSurvived) => void;
  /** Told of each kind that was not survived; the others go on. */
  readonly failed: (kind: string, error: unknown) => void;
}

export interface KindSurvived extends Survived {
  readonly kind: string;
  readonly target: string;
  readonly seconds: number;
}

export const everyPoint: Choice = certain;
export const noPairs = { firsts: none, seconds: none };
export const everyPair = { firsts: leavingOtherStates, seconds: leavingOtherStates };

/** Kills every kind of operation of a plan on its target. Kinds that wait run beside those that compute. */
export async function carryOutKills(plan: KillPlan): Promise<void> {
  const { kinds, target, database, lanes, pairs, survived, failed } = plan;
  const begin = databases[database];
  if (!begin) throw new Error(`there is no database ${database}; there are ${Object.keys(databases).join(', ')}`);
  const unknown = kinds.filter((kind) => !scenarios.some((scenario) => scenario.kind === kind));
  if (unknown.length > 0)
    throw new Error(`there is no kind ${unknown.join(', ')}; there are ${scenarios.map(({ kind }) => kind).join(', ')}`);
  await using started = await begin();
  const chosen = scenarios.filter(({ kind }) => kinds.length === 0 || kinds.includes(kind));
  const inTurn = async (some: readonly Scenario[], beside: number): Promise<void> => {
    for (const scenario of some) {
      const begun = performance.now();
      const singles = scenario.waits ? (plan.whereItWaits ?? plan.singles) : plan.singles;
      try {
        const result = await killRun({ scenario, target, database: started, lanes: beside }, singles, pairs);
        survived({ ...result, kind: scenario.kind, target, seconds: Math.round((performance.now() - begun) / 1000) });
      } catch (error) {
        failed(scenario.kind, error);
      }
    }
  };
  await Promise.all([
    inTurn(
      chosen.filter(({ waits }) => !waits),
      lanes,
    ),
    inTurn(
      chosen.filter(({ waits }) => waits),
      lanes,
    ),
  ]);
}

/** What is watched while things are killed, on each target. */
export const watched: Readonly<Record<string, string>> = {
  process: 'requests, none lost',
  deployment: 'states of the route, all of them leading to ready versions',
};

export function line({ kind, target, points, singles, pairs, requests, seconds }: KindSurvived): string {
  const second = pairs > 0 ? `, ${pairs} pairs` : '';
  return `${kind} (${target}): killed at ${singles} of ${points} points${second}; one end each, ${requests} ${watched[target]}; ${seconds} s`;
}
