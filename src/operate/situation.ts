import type { Tenure } from '../model/history.ts';
import { type Observation, versionAtFull } from '../model/observation.ts';
import type { Operation } from '../model/operation.ts';
import type { ModelVersion } from '../model/version.ts';
import type { TargetSituation } from '../decide/rollback-target.ts';
import type { Engine } from '../execute/engine.ts';
import { laneHolder, readOperation } from '../execute/read.ts';
import { laneOf } from '../execute/standing.ts';
import { bundleDigest, emptyBundle } from '../registry/bundle.ts';
import { readHistory } from '../registry/history.ts';
import { isKnownGood } from '../registry/known-good.ts';
import { quarantined } from '../registry/quarantine.ts';
import { readService } from '../registry/services.ts';
import { tenures } from '../registry/tenures.ts';
import { findVersion } from '../registry/versions.ts';
import type { Hold, Quarantine } from '../model/history.ts';
import { canBeServed } from './can-be-served.ts';
import { observe } from './observe.ts';

/** Everything a decision about a service looks at, read once. */
export interface Situation {
  readonly observation: Observation;
  /** The version with 100 %, or, of a registry alone, the pointer. */
  readonly serving: string | null;
  readonly lane: Operation | null;
  readonly hold: Hold | null;
  readonly quarantined: ReadonlyMap<string, Quarantine>;
  readonly tenures: readonly Tenure[];
  /** Versions that appear in the tenures, on the lane or in production, as registered. */
  readonly versions: ReadonlyMap<string, ModelVersion>;
  readonly whole: ReadonlyMap<string, boolean>;
}

const nothing = bundleDigest(emptyBundle);

/** How far back the choice of a target looks. A thousand changes of share are years of deploys. */
const historyRead = 1000;

export async function readSituation(engine: Engine, signal: AbortSignal): Promise<Situation> {
  const { store, service } = engine;
  const [observation, own, row, marks, events] = await Promise.all([
    observe(engine, signal),
    laneHolder(store.read, service.name),
    readService(store.read, service.name),
    quarantined(store.read, service.name),
    readHistory(store.read, service.name, { limit: historyRead }),
  ]);
  const record = observation.record?.value ?? null;
  const known = record?.operation ? await readOperation(store.read, record.operation.id) : null;
  const lane = laneOf(own, known, record);
  const served = service.serving !== null;
  const held = tenures(events, served ? 'share' : 'pointed');
  // What serves is not known while nobody can be asked; of a registry alone it is the pointer.
  const serving = served ? versionAtFull(observation.traffic?.weights ?? {}) : observation.pointer;
  const names = new Set([
    ...held.map((tenure) => tenure.version),
    ...(lane ? [lane.plan.to] : []),
    ...(serving ? [serving] : []),
  ]);
  const versions = new Map<string, ModelVersion>();
  const whole = new Map<string, boolean>();
  for (const name of names) {
    const version = await findVersion(store.read, service.model, name);
    if (!version) continue;
    versions.set(name, version);
    // What runs and is ready needs no file of ours: it may have been registered in another registry.
    const runs = observation.target?.versions[name];
    const ready = runs?.bundleDigest === version.bundleDigest && runs.copies.some((copy) => copy.ready);
    whole.set(name, ready || (await canBeServed(engine, version.bundle)));
  }
  return { observation, serving, lane, hold: row?.hold ?? null, quarantined: marks, tenures: held, versions, whole };
}

/** What the choice of a target looks at, out of a situation. */
export function targetSituation(
  engine: Engine,
  situation: Situation,
  { from, person, excluded }: { readonly from: string; readonly person: boolean; readonly excluded: readonly string[] },
): TargetSituation {
  const { lane, versions, whole } = situation;
  return {
    service: engine.service.name,
    from,
    stable: lane && (lane.kind === 'deploy' || lane.kind === 'promote') ? lane.plan.from : null,
    tenures: situation.tenures,
    // A bundle with nothing in it says nothing about what serves, so two of them are not the same.
    bundleDigest: (version) => {
      const digest = versions.get(version)?.bundleDigest ?? null;
      return digest === nothing ? null : digest;
    },
    usable: (version) => whole.get(version) === true && ['candidate', 'released'].includes(versions.get(version)?.status ?? ''),
    knownGood: (tenure) => knownGood(engine, tenure),
    quarantined: (version) => situation.quarantined.has(version),
    person,
    excluded,
  };
}

export function knownGood(engine: Engine, tenure: Tenure): boolean {
  return isKnownGood(tenure, engine.service.bake, { pointerOnly: engine.service.serving === null });
}
