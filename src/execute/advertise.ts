import { fail } from '../model/errors.ts';
import type { Operation } from '../model/operation.ts';
import type { ServiceRecord } from '../model/service-record.ts';
import { readService } from '../registry/services.ts';
import type { Engine } from './engine.ts';
import { isFenced } from './lane.ts';
import { readOperation } from './read.ts';
import { nextLook, recordOf } from './record-of.ts';
import { standingOf } from './standing.ts';

/**
 * Writes into the record beside the target who is at work, under which fence, and where one could go back to. A record that somebody
 * else has taken means that this operation has lost, and nothing of ours is written there, nor at target and traffic.
 */
export async function advertise(engine: Engine, operation: Operation, signal: AbortSignal): Promise<void> {
  if (!engine.world) return;
  const { record } = engine.world;
  const value = await recordOf(engine, operation);
  for (;;) {
    const present = await record.read(signal);
    const named = present.value?.operation?.id;
    const known = named === undefined ? null : await readOperation(engine.store.read, named);
    if (standingOf(present.value, operation, known) === 'lost') lost(operation, present.value);
    const wanted = withStamp(value, present.value);
    if (JSON.stringify(wanted) === JSON.stringify(present.value)) return;
    if (await record.swap(present.revision, wanted, signal)) return;
  }
}

/** Tells the supervisor when the next task is due, once those that were due are done. What else the record says stays as it is. */
export async function advertiseTasks(engine: Engine, signal: AbortSignal): Promise<void> {
  await changeRecord(engine, signal, async ({ nextTaskAt: _before, ...rest }) => {
    const next = await nextLook(engine, rest.operation?.id ?? null);
    return next === null ? rest : { ...rest, nextTaskAt: next };
  });
}

/** Tells of a hold or quarantine that was set or lifted, so that every database that meets here keeps to it. */
export async function advertiseMarks(engine: Engine, signal: AbortSignal): Promise<void> {
  await changeRecord(engine, signal, async (present) => {
    const { operation, fence } = present;
    // Another claim has come in between: its database takes ours over, or we theirs, with the next change.
    if (!operation || ((await readService(engine.store.read, engine.service.name))?.fence ?? 0) < fence) return present;
    const { history, hold } = await recordOf(engine, { ...operation, guard: null });
    return { ...present, history, hold };
  });
}

/**
 * Changes what the record says beside its claim, whatever others write there meanwhile. Without a record nothing is changed; nor where a
 * claim above it is at work already: what is to be told stands in the rows that it will tell itself. `same`: what to do where it says
 * that already; written again, it cannot be taken back by a write that another process sent before.
 */
export async function changeRecord(
  engine: Engine,
  signal: AbortSignal,
  changed: (present: ServiceRecord) => Promise<ServiceRecord>,
  same: 'leave' | 'write' = 'leave',
): Promise<void> {
  if (!engine.world) return;
  const { record } = engine.world;
  for (;;) {
    const { revision, value } = await record.read(signal);
    if (!value) return;
    const wanted = await changed(value);
    if (same === 'leave' && JSON.stringify(wanted) === JSON.stringify(value)) return;
    try {
      if (await record.swap(revision, wanted, signal)) return;
    } catch (error) {
      if (isFenced(error)) return;
      throw error;
    }
  }
}

/** Whoever finds a journal that waits to be taken in leaves its place there: only its import takes the stamp off. */
function withStamp(value: ServiceRecord, present: ServiceRecord | null): ServiceRecord {
  return value.breakGlass || !present?.breakGlass ? value : { ...value, breakGlass: present.breakGlass };
}

function lost(operation: Operation, record: ServiceRecord | null): never {
  const holder = record?.operation;
  return fail({
    code: 'superseded',
    what: `operation ${operation.id} lost the service ${operation.service}`,
    why: `operation ${holder?.id ?? 'of another controller'}${holder ? ` (${holder.kind}, by ${holder.actor})` : ''} holds its record under fence ${record?.fence}`,
    touched: 'unknown',
    next: `sofare status ${operation.service}`,
  });
}
