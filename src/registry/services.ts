import { sql } from 'kysely';
import { fail } from '../model/errors.ts';
import type { Hold } from '../model/history.ts';
import { hotQuery } from '../store/hot-query.ts';
import type { Readable, Transacted } from '../store/store.ts';
import { requireName } from './names.ts';

/** What the registry knows of a service beside its history. */
export interface ServiceState {
  readonly service: string;
  readonly model: string;
  /** The version in production, or null when nothing ever was. */
  readonly pointer: string | null;
  readonly pointedAt: number | null;
  readonly fence: number;
  readonly hold: Hold | null;
}

/**
 * Makes the service's row if there is none. A service with a past cannot change its model: its history would be of another one.
 */
export async function ensureService(transaction: Transacted, service: string, model: string): Promise<ServiceState> {
  requireName('service', service);
  requireName('model', model);
  await insertService(transaction, [service, model, null, null, 0, null]);
  const found = await requireService(transaction, service);
  if (found.model === model) return found;
  if (found.pointer !== null || (await hasHistory(transaction, service))) {
    fail({
      code: 'config.invalid',
      what: `service ${service} is configured for model ${model}, but its history is of model ${found.model}`,
      why: 'the history of a service belongs to one model',
      touched: 'no',
      next: `give the service another name, or set its model back to ${found.model}`,
    });
  }
  await transaction.updateTable('services').set({ model }).where('service', '=', service).execute();
  return { ...found, model };
}

const insertService = hotQuery((database) =>
  database
    .insertInto('services')
    .values({ service: '', model: '', pointer: '', pointed_at: 0, fence: 0, hold: '' })
    .onConflict((conflict) => conflict.column('service').doNothing()),
);

const serviceByName = hotQuery((database) => database.selectFrom('services').selectAll().where('service', '=', ''));

export async function readService(database: Readable, service: string): Promise<ServiceState | null> {
  const [row] = await serviceByName(database, [service]);
  return row === undefined ? null : serviceOf(row);
}

export async function requireService(database: Readable, service: string): Promise<ServiceState> {
  return (
    (await readService(database, service)) ??
    fail({
      code: 'service.unknown',
      what: `the registry knows no service ${service}`,
      why: 'nothing was deployed, adopted or held under that name',
      touched: 'no',
      next: 'sofare status',
    })
  );
}

/** By name. */
export async function listServices(database: Readable): Promise<readonly ServiceState[]> {
  return (await database.selectFrom('services').selectAll().orderBy('service').execute()).map(serviceOf);
}

/**
 * Sets the fence above both the database's and `atLeast`, the highest read at target, traffic and record, and returns it.
 * Whoever holds a lower one is refused from then on.
 */
export async function raiseFence(transaction: Transacted, service: string, atLeast: number): Promise<number> {
  if (!Number.isSafeInteger(atLeast + 1) || atLeast < 0) {
    fail({
      code: 'bug',
      what: `the fence of ${service} cannot be raised above ${atLeast}`,
      why: 'a fence is a whole number of at most 2^53 - 2',
      touched: 'no',
      next: 'sofare status',
    });
  }
  const raised = await transaction
    .updateTable('services')
    .set({ fence: sql<number>`case when fence > ${atLeast} then fence else ${atLeast} end + 1` })
    .where('service', '=', service)
    .returning('fence')
    .executeTakeFirst();
  return raised ? raised.fence : (await requireService(transaction, service)).fence;
}

/** The fence is at least this from now on; it never goes back. */
export async function leastFence(transaction: Transacted, service: string, fence: number): Promise<void> {
  await transaction.updateTable('services').set({ fence }).where('service', '=', service).where('fence', '<', fence).execute();
}

async function hasHistory(database: Readable, service: string): Promise<boolean> {
  const row = await database.selectFrom('history').select('sequence').where('service', '=', service).limit(1).executeTakeFirst();
  return row !== undefined;
}

interface ServiceRow {
  readonly service: string;
  readonly model: string;
  readonly pointer: string | null;
  readonly pointed_at: number | null;
  readonly fence: number;
  readonly hold: string | null;
}

function serviceOf(row: ServiceRow): ServiceState {
  const { service, model, pointer, fence } = row;
  return {
    service,
    model,
    pointer,
    pointedAt: row.pointed_at,
    fence,
    hold: row.hold === null ? null : holdOf(service, row.hold),
  };
}

function holdOf(service: string, text: string): Hold {
  try {
    return JSON.parse(text) as Hold;
  } catch (error) {
    return fail(
      {
        code: 'registry.damaged',
        what: `the hold of service ${service} cannot be read`,
        why: 'the file was changed outside sofare, or the disk returned other bytes than were written',
        touched: 'no',
        next: 'restore the newest file of backup/ beside the database',
      },
      error,
    );
  }
}
