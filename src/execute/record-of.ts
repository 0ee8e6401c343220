import type { HistoryEvent, Tenure } from '../model/history.ts';
import { hasEnded, type Operation } from '../model/operation.ts';
import type { RecordedEvent, RecordedOperation, RecordedVersion, ServiceRecord } from '../model/service-record.ts';
import type { ModelVersion } from '../model/version.ts';
import { readHistory, readMarks } from '../registry/history.ts';
import { readService } from '../registry/services.ts';
import { readShares } from '../registry/shares.ts';
import { tenures } from '../registry/tenures.ts';
import { findVersion } from '../registry/versions.ts';
import { hotQuery } from '../store/hot-query.ts';
import type { Engine } from './engine.ts';

/** How much of the past a record carries. A version that is larger than this is left out: it can be gone to while it still runs. */
const tenuresKept = 5;
const eventsRead = 300;
const eventsKept = 200;
const marksKept = 50;
const versionsKept = 8;
const largestVersion = 32_768;
const ownersKept = 10;

/** So long after something was begun the supervisor looks whether it has an owner that lives. */
export const soon = 5_000;

/** The record as our database would have it, with this operation as its holder. */
export async function recordOf(engine: Engine, operation: Operation): Promise<ServiceRecord> {
  const { store, service } = engine;
  const [row, shares, events, marks, next] = await Promise.all([
    readService(store.read, service.name),
    readShares(store.read, service.name),
    readHistory(store.read, service.name, { limit: eventsRead }),
    readMarks(store.read, service.name, marksKept),
    hasEnded(operation.state) ? nextLook(engine, operation.id) : nextTask(engine),
  ]);
  const history = kept(events, tenures(events, 'share'), marks);
  const { plan } = operation;
  const names = [row?.pointer, plan.to, plan.from, ...history.toReversed().map(({ version }) => version)];
  return {
    fence: operation.fence,
    holder: operation.owners.at(-1) ?? '',
    operation: recorded(operation),
    hold: row?.hold ?? null,
    pointer: row?.pointer ?? null,
    shares,
    history,
    versions: await versionsOf(engine, names),
    ...(engine.glass?.stamp ? { breakGlass: engine.glass.stamp } : {}),
    ...(next === null ? {} : { nextTaskAt: next }),
  };
}

/**
 * When the supervisor has to look next: for a task that is due then, or in a moment for an operation that has begun and that the record, with
 * `told` in it, does not name. Whoever is late to tell what has ended would else take back what was foretold.
 */
export async function nextLook(engine: Engine, told: string | null): Promise<number | null> {
  const { store, service, supervised } = engine;
  const next = await nextTask(engine);
  if (!supervised) return next;
  const [begun] = await runningOf(store.read, [service.name, 'running']);
  if (!begun || begun.id === told) return next;
  return Math.min(next ?? Number.POSITIVE_INFINITY, (await store.now()) + soon);
}

const runningOf = hotQuery((database) =>
  database.selectFrom('operations').select('id').where('service', '=', '').where('state', '=', ''),
);

async function nextTask({ store, service }: Pick<Engine, 'store' | 'service'>): Promise<number | null> {
  const [row] = await nextDue(store.read, [service.name]);
  return row?.due === null || row?.due === undefined ? null : Number(row.due);
}

const nextDue = hotQuery((database) =>
  database
    .selectFrom('tasks')
    .select((build) => build.fn.min('due').as('due'))
    .where('service', '=', ''),
);

/** Everything since the oldest of the last entries that held 100 % began, and the marks. Oldest first. */
function kept(
  events: readonly HistoryEvent[],
  held: readonly Tenure[],
  marks: readonly HistoryEvent[],
): readonly RecordedEvent[] {
  const full = held.filter(({ fullSince, source }) => fullSince !== null && source !== 'attested').slice(0, tenuresKept);
  const begun = full.at(-1);
  const first = begun
    ? events.findLast(({ kind, version, at }) => kind === 'share' && version === begun.version && at === begun.since)
    : events.at(-1);
  const recent = events.filter(({ sequence }) => sequence >= (first?.sequence ?? 0)).slice(0, eventsKept);
  const old = marks.filter((mark) => !recent.some(({ sequence }) => sequence === mark.sequence));
  return [...recent, ...old]
    .toSorted((one, other) => one.sequence - other.sequence)
    .map(({ sequence: _sequence, service: _service, ...event }) => event);
}

async function versionsOf(engine: Engine, names: readonly (string | null | undefined)[]): Promise<readonly RecordedVersion[]> {
  const found: RecordedVersion[] = [];
  for (const name of new Set(names)) {
    if (name === null || name === undefined || found.length >= versionsKept) continue;
    const version = await findVersion(engine.store.read, engine.service.model, name);
    if (!version) continue;
    const trimmed = trim(version);
    if (JSON.stringify(trimmed).length <= largestVersion) found.push(trimmed);
  }
  return found;
}

function trim(whole: ModelVersion): RecordedVersion {
  const { version, status, bundle, bundleDigest, breakingChanges, createdAt, actor, reason } = whole;
  return { version, status, bundle, bundleDigest, breakingChanges, createdAt, actor, reason };
}

function recorded({ guard: _guard, ...operation }: Operation): RecordedOperation {
  return { ...operation, owners: operation.owners.slice(-ownersKept) };
}
