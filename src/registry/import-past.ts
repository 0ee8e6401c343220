import type { Hold } from '../model/history.ts';
import type { RecordedEvent, RecordedVersion, ServiceRecord } from '../model/service-record.ts';
import type { ModelVersion } from '../model/version.ts';
import type { Readable, Transacted } from '../store/store.ts';
import { appendHistory, readHistory } from './history.ts';
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

/** Takes into our history what another database saw, marked as imported. */
export async function importEvents(transaction: Transacted, service: string, events: readonly RecordedEvent[]): Promise<void> {
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

/** Pointer and shares as the record has them: what stands in production by whoever wrote it last. */
export async function importProduction(
  transaction: Transacted,
  service: string,
  { pointer, pointedAt, shares }: Pick<ServiceRecord, 'pointer' | 'shares'> & { readonly pointedAt: number | null },
): Promise<void> {
  await transaction
    .updateTable('services')
    .set({ pointer, pointed_at: pointedAt, shares: JSON.stringify(shares) })
    .where('service', '=', service)
    .execute();
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
