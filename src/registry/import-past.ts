import type { Hold } from '../model/history.ts';
import type { RecordedEvent, RecordedVersion, ServiceRecord } from '../model/service-record.ts';
import type { ModelVersion } from '../model/version.ts';
import type { Readable, Transacted } from '../store/store.ts';
import { appendHistory, readHistory } from './history.ts';
import { readService } from './services.ts';
import { readShares } from './shares.ts';
import { rowOfVersion } from './version-row.ts';
import { findVersion } from './versions.ts';

const looked = 1000;

/** The events of a record that our history does not have, oldest first. */
export async function missingEvents(
  database: Readable,
  service: string,
  events: readonly RecordedEvent[],
): Promise<readonly RecordedEvent[]> {
  if (events.length === 0) return [];
  const ours = await readHistory(database, service, { limit: looked });
  const present = new Set(ours.map(nameOf));
  const unseen = events.filter((event) => !present.has(nameOf(event)));
  if (unseen.length === 0 || ours.length < looked) return unseen;
  // What is older than all that we looked at is not news.
  const oldest = ours.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY);
  return unseen.filter(({ at }) => at >= oldest);
}

/**
 * Takes into our history what another database saw, marked as imported, and what stands in production by whoever wrote it last. Where
 * we saw what the other did not, our history is told of where it stands now: what serves is always what its history ends with.
 */
export async function importProduction(
  transaction: Transacted,
  service: string,
  events: readonly RecordedEvent[],
  wanted: Production,
  at: number,
): Promise<void> {
  const seen = folded(await productionOf(transaction, service), events);
  const pointer = wanted.pointer ?? seen.pointer;
  await importEvents(transaction, service, events);
  const versions = new Set([...Object.keys(seen.shares), ...Object.keys(wanted.shares)]);
  const moved = [...versions].filter((version) => (seen.shares[version] ?? 0) !== (wanted.shares[version] ?? 0));
  for (const version of moved)
    await appendHistory(transaction, service, at, {
      ...byTheRecord,
      kind: 'share',
      version,
      share: wanted.shares[version] ?? 0,
    });
  if (pointer !== seen.pointer)
    await appendHistory(transaction, service, at, { ...byTheRecord, kind: 'pointed', version: pointer });
  await transaction
    .updateTable('services')
    .set({ pointer, pointed_at: wanted.pointedAt ?? (pointer === null ? null : at), shares: JSON.stringify(wanted.shares) })
    .where('service', '=', service)
    .execute();
}

/** What a database says is in production. */
export interface Production extends Pick<ServiceRecord, 'pointer' | 'shares'> {
  readonly pointedAt: number | null;
}

export async function productionOf(database: Readable, service: string): Promise<Production> {
  const [state, shares] = await Promise.all([readService(database, service), readShares(database, service)]);
  return { pointer: state?.pointer ?? null, pointedAt: state?.pointedAt ?? null, shares };
}

const byTheRecord = {
  share: null,
  requests: null,
  operation: null,
  source: 'imported',
  actor: 'record',
  reason: 'it stands so by the record',
} as const;

/** Where events lead that follow on this. */
function folded(
  { pointer, shares }: Pick<Production, 'pointer' | 'shares'>,
  events: readonly RecordedEvent[],
): Pick<Production, 'pointer' | 'shares'> {
  const after = { ...shares };
  let pointed = pointer;
  for (const { kind, version, share, source } of events) {
    // An attested one tells of the past.
    if (version === null || source === 'attested') continue;
    if (kind === 'pointed') pointed = version;
    if (kind === 'share') after[version] = share ?? 0;
  }
  return { pointer: pointed, shares: after };
}

async function importEvents(transaction: Transacted, service: string, events: readonly RecordedEvent[]): Promise<void> {
  for (const event of events) {
    await appendHistory(transaction, service, event.at, {
      ...event,
      source: event.source === 'attested' ? 'attested' : 'imported',
    });
  }
}

/** Takes in the versions that our registry does not have. One of the same name with other content stays as it is: screens show that it differs. */
export async function importVersions(
  transaction: Transacted,
  model: string,
  versions: readonly RecordedVersion[],
  at: number,
): Promise<void> {
  for (const recorded of versions) {
    if (await findVersion(transaction, model, recorded.version)) continue;
    await transaction
      .insertInto('versions')
      .values(rowOfVersion({ version: whole(model, recorded, at), changes: [] }))
      .execute();
  }
}

/** The hold as the record has it; its history comes with the events. */
export async function importHold(transaction: Transacted, service: string, hold: Hold | null): Promise<void> {
  const text = hold === null ? null : JSON.stringify(hold);
  await transaction.updateTable('services').set({ hold: text }).where('service', '=', service).execute();
}

/** The same event has the same name in every database, whatever it says of where it comes from. */
function nameOf({
  at,
  kind,
  version,
  share,
  operation,
  actor,
}: Pick<RecordedEvent, 'at' | 'version' | 'share' | 'operation' | 'actor'> & { readonly kind: string }): string {
  return `${at} ${kind} ${version} ${share} ${operation} ${actor}`;
}

function whole(model: string, recorded: RecordedVersion, at: number): ModelVersion {
  return {
    ...recorded,
    model,
    metrics: {},
    parameters: {},
    run: null,
    changelog: '',
    deprecations: [],
    releasedAt: recorded.status === 'released' ? at : null,
    deprecatedAt: recorded.status === 'deprecated' ? at : null,
  };
}
