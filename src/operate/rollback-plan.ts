import { fail, type Problem } from '../model/errors.ts';
import type { Operation } from '../model/operation.ts';
import type { Plan } from '../model/plan.ts';
import { passChecks } from '../decide/checks.ts';
import { chooseTarget, type TargetChoice } from '../decide/rollback-target.ts';
import type { Engine } from '../execute/engine.ts';
import { planMove, readyCopies } from '../plan/move.ts';
import { requireVersion } from '../registry/versions.ts';
import { canBeServed } from './can-be-served.ts';
import { expectedTime } from './expected-time.ts';
import { requireSplit } from './requirements.ts';
import { knownGood, readSituation, type Situation, targetSituation } from './situation.ts';
import { neverServedCheck, versionChecks } from './version-checks.ts';

/** What is asked of a rollback's plan. */
export interface RollbackWanted {
  /** Named by `--to` or `--version`; null: chosen by the rules. */
  readonly to: string | null;
  readonly shares: readonly number[];
  readonly every: number;
  readonly overrides: readonly string[];
  readonly actor: string;
  /** An automatic trigger takes only what was witnessed to be good. */
  readonly person: boolean;
}

/** The plan of a rollback from `from`, or null when its target already has everything. Fails where there is no way back. */
export async function rollbackPlan(
  engine: Engine,
  situation: Situation,
  request: RollbackWanted,
  from: string,
  excluded: readonly string[],
): Promise<Plan | null> {
  const { lane } = situation;
  requireSplit(engine, request);
  const choice =
    request.to !== null
      ? await named(engine, situation, request, request.to)
      : choose(engine, situation, request, from, excluded);
  if (choice.kind === 'none') {
    fail({
      code: 'rollback.no-way-back',
      what: `there is no version of ${engine.service.name} to go back to from ${from}`,
      why: choice.why,
      touched: 'no',
      next: `sofare history ${engine.service.name}`,
    });
  }
  const alone = lane === null && situation.serving === choice.version;
  if (alone && situation.observation.pointer === choice.version) return null;
  const glass = engine.glass?.stamp ? engine.glass : null;
  const plan = planMove({
    service: engine.service,
    kind: 'rollback',
    observation: situation.observation,
    preempts: lane,
    from,
    to: choice.version,
    why: choice.why,
    shares: engine.world ? request.shares : [100],
    every: request.every,
    guarded: false,
    notes: [
      ...(glass
        ? [`break-glass: ${glass.because}; it works from the record, and pointer and history follow when the registry is back`]
        : []),
      ...(choice.mark === 'known good' || choice.mark === 'stable' ? [] : [`${choice.version} is ${choice.mark}`]),
      ...choice.passedOver.map((line) => `passed over: ${line}`),
      ...choice.overridden,
    ],
    targetNamed: request.to !== null,
    supervised: engine.supervised,
    breaking: situation.versions.get(from)?.breakingChanges ?? [],
    expected: await expectedTime(engine, readyCopies(situation.observation, choice.version) > 0),
  });
  return glass ? { ...plan, breakGlass: glass.because } : plan;
}

type Chosen = Extract<TargetChoice, { kind: 'target' }> & { readonly overridden: readonly string[] };

async function named(engine: Engine, situation: Situation, request: RollbackWanted, to: string): Promise<Chosen> {
  const version = await requireVersion(engine.store.read, engine.service.model, to);
  const whole = await canBeServed(engine, version.bundle);
  const served = situation.serving === to ? [] : neverServedCheck(engine.service.name, situation, to);
  const overridden = passChecks([...versionChecks(engine, situation, version, whole), ...served], request.overrides);
  const good = situation.tenures.some((tenure) => tenure.version === to && knownGood(engine, tenure));
  return {
    kind: 'target',
    version: to,
    mark: good ? 'known good' : 'not known good',
    why: `${to} was named by ${request.actor}`,
    passedOver: [],
    overridden,
  };
}

function choose(
  engine: Engine,
  situation: Situation,
  request: RollbackWanted,
  from: string,
  excluded: readonly string[],
): Chosen | Extract<TargetChoice, { kind: 'none' }> {
  const choice = chooseTarget(targetSituation(engine, situation, { from, person: request.person, excluded }));
  return choice.kind === 'none' ? choice : { ...choice, overridden: [] };
}

/** A target that does not come up, before any traffic moved: the next best for the same operation, unless a person named this one. */
export async function nextBest(engine: Engine, failed: Operation, problem: Problem, signal: AbortSignal): Promise<Plan | null> {
  const { plan } = failed;
  if (failed.kind !== 'rollback' || plan.targetNamed || plan.from === null) return null;
  const situation = { ...(await readSituation(engine, signal)), lane: null };
  const earlier = plan.notes.flatMap((note) => note.match(/^(\S+) did not come up/)?.[1] ?? []);
  const tried = [...earlier, plan.to];
  const wanted: RollbackWanted = {
    to: null,
    shares: [100],
    every: 0,
    overrides: [],
    actor: failed.actor,
    person: failed.trigger.kind === 'person',
  };
  if (choose(engine, situation, wanted, plan.from, tried).kind === 'none') return null;
  const next = await rollbackPlan(engine, situation, wanted, plan.from, tried);
  const failures = [
    ...plan.notes.filter((note) => note.includes(' did not come up: ')),
    `${plan.to} did not come up: ${problem.why}`,
  ];
  return (
    next && { ...next, planned: { ...next.planned, operation: plan.planned.operation }, notes: [...next.notes, ...failures] }
  );
}
