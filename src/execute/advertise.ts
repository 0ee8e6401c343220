import { fail } from '../model/errors.ts';
import type { RecordedEntry, ServiceRecord } from '../model/observation.ts';
import { hasEnded, type Operation } from '../model/operation.ts';
import { readHistory } from '../registry/history.ts';
import { isKnownGood } from '../registry/known-good.ts';
import { readService } from '../registry/services.ts';
import { tenures } from '../registry/tenures.ts';
import { findVersion } from '../registry/versions.ts';
import type { Engine } from './engine.ts';

const entriesKept = 5;

/**
 * Writes into the record beside the target who is at work, under which fence, and where one could go back to. A record that
 * carries a higher fence belongs to somebody else: then this operation has lost, and nothing of ours is written.
 */
export async function advertise(engine: Engine, operation: Operation, signal: AbortSignal): Promise<void> {
  if (!engine.world) return;
  const { record } = engine.world;
  const value = await recordOf(engine, operation);
  for (;;) {
    const present = await record.read(signal);
    if (present.value && present.value.fence > operation.fence) {
      fail({
        code: 'superseded',
        what: `operation ${operation.id} lost the service ${operation.service}`,
        why: `operation ${present.value.operation?.id ?? 'of another controller'} holds its record under fence ${present.value.fence}`,
        touched: 'unknown',
        next: `sofare status ${operation.service}`,
      });
    }
    if (await record.swap(present.revision, value, signal)) return;
  }
}

/** Tells the supervisor when the next task is due, once those that were due are done. What else the record says stays as it is. */
export async function advertiseTasks(engine: Engine, signal: AbortSignal): Promise<void> {
  if (!engine.world) return;
  const { record } = engine.world;
  for (;;) {
    const { revision, value } = await record.read(signal);
    if (!value) return;
    const next = await nextTask(engine);
    const { nextTaskAt: _before, ...rest } = value;
    if (await record.swap(revision, next === null ? rest : { ...rest, nextTaskAt: next }, signal)) return;
  }
}

async function nextTask({ store, service }: Engine): Promise<number | null> {
  const row = await store.read
    .selectFrom('tasks')
    .select((build) => build.fn.min('due').as('due'))
    .where('service', '=', service.name)
    .executeTakeFirst();
  return row?.due === null || row?.due === undefined ? null : Number(row.due);
}

async function recordOf(engine: Engine, operation: Operation): Promise<ServiceRecord> {
  const { store, service } = engine;
  const row = await readService(store.read, service.name);
  const events = await readHistory(store.read, service.name, { limit: 200 });
  const next = await nextTask(engine);
  const entries: RecordedEntry[] = [];
  for (const tenure of tenures(events, 'share').slice(0, entriesKept)) {
    const version = await findVersion(store.read, service.model, tenure.version);
    entries.push({
      version: tenure.version,
      bundleDigest: version?.bundleDigest ?? '',
      knownGood: isKnownGood(tenure, service.bake, { pointerOnly: false }),
      since: tenure.since,
      until: tenure.until,
    });
  }
  return {
    fence: operation.fence,
    hold: row?.hold ?? null,
    operation: hasEnded(operation.state)
      ? null
      : {
          id: operation.id,
          kind: operation.kind,
          from: operation.plan.from,
          to: operation.plan.to,
          owner: operation.owner ?? '',
          plan: operation.plan,
          stepsDone: operation.stepsDone,
        },
    entries,
    ...(next === null ? {} : { nextTaskAt: next }),
  };
}
