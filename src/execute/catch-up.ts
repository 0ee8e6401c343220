import { isDeepStrictEqual } from 'node:util';
import { appendEvent } from './journal.ts';
import type { RecordedEvent, ServiceRecord } from '../model/service-record.ts';
import type { Service } from '../model/service.ts';
import { hasEnded, type Operation } from '../model/operation.ts';
import { importHold, importProduction, importVersions, missingEvents, productionOf } from '../registry/import-past.ts';
import { ensureService, leastFence, readService } from '../registry/services.ts';
import type { Readable, Transacted } from '../store/store.ts';
import { bring } from './bring.ts';
import type { Engine } from './engine.ts';
import { laneHolder, readOperation } from './read.ts';
import { isClaimedSince, isLater, standingOf } from './standing.ts';

/** What the record tells that our database does not know. */
interface News {
  /** The record's operation is unknown here, or got further than we saw. */
  readonly operation: boolean;
  /** Our operation on the lane that somebody else's claim has pushed aside, unknown to us. */
  readonly lost: Operation | null;
  readonly events: readonly RecordedEvent[];
  readonly fence: boolean;
}

/**
 * Brings a database up to the record beside the target: what another database did in the meantime, or what was done after the backup
 * from which this one was restored. All in the one transaction, and once more changes nothing.
 */
export async function catchUp(engine: Engine, record: ServiceRecord): Promise<boolean> {
  const { store, service } = engine;
  if (!isNews(await newsOf(store.read, service.name, record))) return false;
  const work = async (transaction: Transacted, at: number): Promise<void> => {
    await ensureService(transaction, service.name, service.model);
    await takeInRecord(transaction, service, record, at);
  };
  await store.transaction('catch-up', work, service.name);
  return true;
}

/** What the record tells, inside a transaction on a service that is there. */
export async function takeInRecord(transaction: Transacted, service: Service, record: ServiceRecord, at: number): Promise<void> {
  const news = await newsOf(transaction, service.name, record);
  if (isNews(news)) await takeIn(transaction, service, record, news, at);
}

function isNews({ operation, lost, events, fence }: News): boolean {
  return operation || lost !== null || events.length > 0 || fence;
}

async function newsOf(database: Readable, service: string, record: ServiceRecord): Promise<News> {
  const [state, lane, events] = await Promise.all([
    readService(database, service),
    laneHolder(database, service),
    missingEvents(database, service, record.history),
  ]);
  const recorded = record.operation;
  const known = recorded && (lane?.id === recorded.id ? lane : await readOperation(database, recorded.id));
  const later = recorded !== null && (known === null || isLater(recorded, known));
  // What has ended here, and was not claimed since, stays so: it is news only where something else serves.
  const ended = later && known !== null && hasEnded(known.state) && !isClaimedSince(recorded, known);
  return {
    operation: later && !(ended && (await isAsRecorded(database, service, record))),
    lost: lane && recorded && lane.id !== recorded.id && standingOf(record, lane, known) === 'lost' ? lane : null,
    events,
    fence: record.fence > (state?.fence ?? 0),
  };
}

async function isAsRecorded(database: Readable, service: string, record: ServiceRecord): Promise<boolean> {
  const { pointer, shares } = await productionOf(database, service);
  return pointer === record.pointer && isDeepStrictEqual(shares, record.shares);
}

async function takeIn(
  transaction: Transacted,
  service: Service,
  record: ServiceRecord,
  { operation, lost, events, fence }: News,
  at: number,
): Promise<void> {
  await importVersions(transaction, service.model, record.versions, at);
  if (lost && record.operation) await appendEvent(transaction, lost.id, at, { kind: 'superseded', by: record.operation.id });
  if (operation && record.operation) await bring(transaction, record.operation);
  // A mark of somebody else comes without a claim; what serves, only with one.
  const pointed = record.history.findLast(({ kind, version }) => kind === 'pointed' && version === record.pointer);
  const claimed = operation || fence;
  const production = claimed ? { ...record, pointedAt: pointed?.at ?? null } : await productionOf(transaction, service.name);
  await importProduction(transaction, service.name, events, production, at);
  if (claimed || events.some(({ kind }) => kind === 'held' || kind === 'unheld'))
    await importHold(transaction, service.name, record.hold);
  await leastFence(transaction, service.name, record.fence);
}
