import type { Quarantine } from '../model/history.ts';
import type { Readable, Transacted } from '../store/store.ts';
import { appendHistory, readMarks } from './history.ts';

/** The versions of a service that are quarantined now. A second quarantine adds its reason; `since` stays the first's. */
export async function quarantined(database: Readable, service: string): Promise<ReadonlyMap<string, Quarantine>> {
  const found = new Map<string, Quarantine>();
  for (const event of (await readMarks(database, service)).toReversed()) {
    const { kind, version, at, reason, actor, operation, evidence } = event;
    if (version === null) continue;
    if (kind === 'unquarantined') found.delete(version);
    else found.set(version, { service, version, since: found.get(version)?.since ?? at, reason, actor, operation, evidence });
  }
  return found;
}

export async function addQuarantine(transaction: Transacted, quarantine: Quarantine): Promise<void> {
  const { service, since, version, operation, actor, reason, evidence } = quarantine;
  await appendHistory(transaction, service, since, {
    kind: 'quarantined',
    version,
    share: null,
    requests: null,
    operation,
    source: 'witnessed',
    actor,
    reason,
    evidence,
  });
}

export interface QuarantineLift {
  readonly service: string;
  readonly version: string;
  readonly at: number;
  readonly operation: string | null;
  readonly actor: string;
  readonly reason: string;
}

/** False when the version was not quarantined: nothing is written. What it had earned before stays lost. */
export async function liftQuarantine(transaction: Transacted, lift: QuarantineLift): Promise<boolean> {
  const { service, version, at, operation, actor, reason } = lift;
  if (!(await quarantined(transaction, service)).has(version)) return false;
  await appendHistory(transaction, service, at, {
    kind: 'unquarantined',
    version,
    share: null,
    requests: null,
    operation,
    source: 'witnessed',
    actor,
    reason,
  });
  return true;
}
