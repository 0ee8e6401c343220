import { isVersionName } from '../model/observation.ts';
import type { ModelVersion } from '../model/version.ts';
import { type Check, passChecks } from '../decide/checks.ts';
import { begin } from '../execute/begin.ts';
import type { Engine } from '../execute/engine.ts';
import { foretell } from '../execute/foretell.ts';
import { laneTaken } from '../execute/lane.ts';
import { lifeOf } from '../execute/lease.ts';
import { planMove } from '../plan/move.ts';
import { requireVersion } from '../registry/versions.ts';
import { canBeServed } from './can-be-served.ts';
import { carryOut } from './carry-out.ts';
import { endHold } from './end-hold.ts';
import { requireFresh, wantsFresh } from './fresh-baseline.ts';
import { fenceSeen } from './observe.ts';
import { type PolicyFile, policyMove } from './policy-move.ts';
import type { Outcome } from './outcome.ts';
import { readyToChange } from './reconcile.ts';
import { unrecordedCheck } from './record-checks.ts';
import { assertExpected, type Request } from './request.ts';
import { requireCounts, requireSplit, unjudged } from './requirements.ts';
import type { Situation } from './situation.ts';
import { deployChecks, versionChecks } from './version-checks.ts';

export interface DeployRequest extends Request {
  readonly version: string;
  /** Shares, rising; the last may be under 100: then the deploy stays open. */
  readonly shares: readonly number[];
  /** Time at each share under 100; 0: the guard does not watch. */
  readonly every: number;
  /** A policy file instead of shares. */
  readonly policy?: PolicyFile | null;
}

/** Brings a version into production, at once or in steps. With `every` the deploy is its own guard. */
export async function deploy(engine: Engine, request: DeployRequest): Promise<Outcome> {
  const { version: name } = request;
  const situation = await readyToChange(engine, request.signal);
  const version = await requireVersion(engine.store.read, engine.service.model, name);
  assertExpected(request, situation.serving);
  const { lane, serving } = situation;
  if (lane) laneTaken(lane, await lifeOf(engine, lane));
  if (serving === name && (!engine.world || situation.observation.pointer === name)) {
    return { kind: 'nothing', why: `${name} already has 100 % of ${engine.service.name}`, operation: null };
  }
  const notes = passChecks([...unrecordedCheck(situation), ...(await checks(engine, situation, version))], request.overrides);
  const first = serving === null && !Object.keys(situation.observation.traffic?.weights ?? {}).some(isVersionName);
  const from = serving ?? situation.observation.pointer;
  const byPolicy = request.policy ? await policyMove(engine, situation, request.policy, name, first || from === name) : null;
  const byShares = !first && from !== name && !byPolicy;
  if (byShares) requireSplit(engine, request);
  if (byShares && request.every > 0 && request.shares.some((share) => share < 100)) requireCounts(engine, name);
  const fresh = byPolicy ? byPolicy.byPolicy?.fresh === true : !first && from !== name && wantsFresh(engine, request);
  if (fresh) requireFresh(engine);
  const plan = planMove({
    service: engine.service,
    kind: 'deploy',
    observation: situation.observation,
    preempts: null,
    from,
    to: name,
    why: first ? `${name} is the first version of ${engine.service.name}` : `${name} is deployed by ${request.actor}`,
    // Beside itself a version cannot have a share.
    shares: first || !engine.world || from === name ? [100] : request.shares,
    every: first || from === name ? 0 : request.every,
    guarded: true,
    fresh,
    notes: [
      ...(first ? ['a first deploy has no way back; it ignores steps'] : []),
      ...notes,
      ...(byShares ? unjudged(engine, name, request) : []),
      ...(byPolicy?.notes ?? []),
    ],
    targetNamed: true,
    supervised: engine.supervised,
    breaking: [],
    expected: null,
    ...(byPolicy ? { byPolicy: byPolicy.byPolicy, ...(byPolicy.keepLeft === null ? {} : { keepLeft: byPolicy.keepLeft }) } : {}),
  });
  if (!(await request.consent(plan))) return { kind: 'planned', plan };
  if (situation.hold) await endHold(engine, request);
  await foretell(engine, request.signal);
  const operation = await begin(engine, {
    plan,
    actor: request.actor,
    reason: request.reason,
    trigger: { kind: 'person', command: request.command },
    preempts: null,
    quarantine: null,
    incident: false,
    fenceSeen: fenceSeen(situation.observation),
  });
  return carryOut(engine, operation, request);
}

async function checks(engine: Engine, situation: Situation, version: ModelVersion): Promise<readonly Check[]> {
  const whole = await canBeServed(engine, version.bundle);
  const held = deployChecks(engine, situation, version.version).filter((check) => check.name === 'hold');
  return [...held, ...versionChecks(engine, situation, version, whole)];
}
