import type { JournalRow } from '../execute/journal.ts';
import { readJournal } from '../execute/journal.ts';
import { readOperation, requireOperation } from '../execute/read.ts';
import type { HistoryEvent, Hold } from '../model/history.ts';
import type { Operation } from '../model/operation.ts';
import type { ModelVersion } from '../model/version.ts';
import { readHistory } from '../registry/history.ts';
import { quarantined } from '../registry/quarantine.ts';
import { requireService } from '../registry/services.ts';
import { findVersion } from '../registry/versions.ts';
import type { Readable } from '../store/store.ts';
import { exposureOf } from './exposure.ts';
import type { IncidentRow } from './incident-name.ts';
import { type Note, readNotes } from './notes.ts';

/** An operation with its journal. */
export interface Chapter {
  readonly operation: Operation;
  readonly journal: readonly JournalRow[];
}

/** All rows that an incident is told from. */
export interface Story {
  readonly row: IncidentRow;
  readonly model: string;
  /** The operation that opened the incident. */
  readonly own: Chapter;
  /** The operations that brought the version into production, oldest first. */
  readonly before: readonly Chapter[];
  /** Of the service, oldest first. */
  readonly history: readonly HistoryEvent[];
  readonly bad: ModelVersion | null;
  readonly good: ModelVersion | null;
  readonly notes: readonly Note[];
  readonly hold: Hold | null;
  readonly quarantined: boolean;
}

/** Opened by a guard that could not decide: then nothing was taken back by this operation, it is the deploy itself. */
export function isUndecided({ operation }: Pick<Chapter, 'operation'>): boolean {
  return operation.kind === 'deploy' || operation.kind === 'promote';
}

/** The version that was left, and the one beside it or before it. */
export function sidesOf(own: Pick<Chapter, 'operation'>): { readonly bad: string; readonly good: string | null } {
  const { plan } = own.operation;
  return isUndecided(own) ? { bad: plan.to, good: plan.from } : { bad: plan.from ?? plan.to, good: plan.to };
}

export async function readStory(database: Readable, row: IncidentRow): Promise<Story> {
  const own = await chapter(database, await requireOperation(database, row.operation));
  const { model, hold } = await requireService(database, row.service);
  const history = (await readHistory(database, row.service)).toReversed();
  const { bad, good } = sidesOf(own);
  const before = isUndecided(own) ? [] : await chaptersBefore(database, own, exposureOf(history, own.operation, bad).operations);
  return {
    row,
    model,
    own,
    before,
    history,
    bad: await findVersion(database, model, bad),
    good: good === null ? null : await findVersion(database, model, good),
    notes: await readNotes(database, row.number),
    hold,
    quarantined: (await quarantined(database, row.service)).has(bad),
  };
}

/** Those that gave the version a share, and those that were pushed aside on the way, back to the deploy. */
async function chaptersBefore(database: Readable, own: Chapter, sharing: readonly string[]): Promise<readonly Chapter[]> {
  const found = new Map<string, Operation>();
  for (const id of sharing) {
    const operation = await readOperation(database, id);
    if (operation) found.set(id, operation);
  }
  let id = own.operation.plan.planned.operation;
  while (id !== null && id !== own.operation.id) {
    const operation: Operation | null = found.get(id) ?? (await readOperation(database, id));
    if (!operation) break;
    found.set(id, operation);
    const earlier: string | null = operation.plan.planned.operation;
    id = earlier !== null && found.has(earlier) ? null : earlier;
  }
  const oldestFirst = [...found.values()].toSorted((one, other) => one.createdAt - other.createdAt || one.fence - other.fence);
  return Promise.all(oldestFirst.map((operation) => chapter(database, operation)));
}

async function chapter(database: Readable, operation: Operation): Promise<Chapter> {
  return { operation, journal: await readJournal(database, operation.id) };
}
