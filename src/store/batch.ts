import type { Clock } from '../ports/clock.ts';
import type { Failpoints } from '../ports/failpoints.ts';
import type { Company } from './company.ts';
import type { Transacted } from './store.ts';
import type { Settled, Unit, UnitQueue } from './unit-queue.ts';

/** What a batch needs of a database with one writer. */
export interface BatchDatabase {
  begin(): Promise<Transacted>;
  /** Durable when it returns. */
  commit(): Promise<void>;
  rollback(): Promise<void>;
  /** Whether what `begin` began still stands: a database that fails in the middle may have ended it by itself. */
  readonly begun: boolean;
  /** Marks where a unit begins, so that it can be undone alone. */
  mark(): void;
  keep(): void;
  undo(): void;
}

export interface Batched {
  readonly settled: readonly Settled[];
  /** Another process has the lock: nothing was done, and the units wait again. */
  readonly busy: { readonly error: unknown } | null;
  /** Others were left waiting. */
  readonly cut: boolean;
}

/** One commit makes so many units durable at most: the first of them waits for the last. */
const mostUnits = 64;

interface BatchOptions {
  readonly database: BatchDatabase;
  readonly clock: Clock;
  readonly failpoints: Failpoints;
  readonly isBusy: (error: unknown) => boolean;
  readonly company: Company;
}

/** Takes units off the queue, also those that come meanwhile, does them in one transaction and commits it. */
export async function runBatch(queue: UnitQueue, options: BatchOptions): Promise<Batched> {
  const { database, isBusy } = options;
  let transaction: Transacted;
  try {
    transaction = await database.begin();
  } catch (error) {
    if (isBusy(error)) return { settled: [], busy: { error }, cut: false };
    // Whoever waits would meet the same, so all are told.
    return { settled: queue.remove(() => true).map((unit) => ({ unit, outcome: { error } })), busy: null, cut: false };
  }
  const settled: Settled[] = [];
  try {
    if (await fill(queue, transaction, options, settled)) await database.commit();
    else await database.rollback();
    return { settled, busy: null, cut: !queue.empty };
  } catch (error) {
    // What the database said first is what is told, also when it cannot even roll back.
    await database.rollback().catch(() => {});
    const undone = settled.map(({ unit }) => unit);
    if (!isBusy(error)) return { settled: undone.map((unit) => ({ unit, outcome: { error } })), busy: null, cut: !queue.empty };
    queue.putBack(undone);
    return { settled: [], busy: { error }, cut: false };
  }
}

/** Does units until nobody waits, the batch is full, or one in an emergency was done: that one is answered first. False: nothing stands. */
async function fill(queue: UnitQueue, transaction: Transacted, options: BatchOptions, settled: Settled[]): Promise<boolean> {
  const { database, company } = options;
  for (let unit = queue.take(); unit; unit = settled.length < mostUnits ? await next(queue, company) : null) {
    const alone = settled.length === 0;
    if (!alone) database.mark();
    const outcome = await attempt(unit, transaction, options);
    settled.push({ unit, outcome });
    const failed = 'error' in outcome;
    if (!database.begun || (failed && options.isBusy(outcome.error))) throw failed ? outcome.error : endedByItself();
    // Undoing all of it undoes this one, and costs no savepoint in the usual case that nobody else waits.
    if (failed && alone) return false;
    if (failed) database.undo();
    else if (!alone) database.keep();
    if (unit.urgency === 'emergency' && !queue.pressed) return true;
  }
  return true;
}

async function next(queue: UnitQueue, company: Company): Promise<Unit | null> {
  if (queue.empty) await company.arrive(() => !queue.empty);
  return queue.take();
}

async function attempt(unit: Unit, transaction: Transacted, { clock, failpoints }: BatchOptions): Promise<Settled['outcome']> {
  try {
    failpoints.hit(`${unit.name}.before-commit`);
    return { value: await unit.work(transaction, clock.now()) };
  } catch (error) {
    return { error };
  }
}

function endedByItself(): Error {
  return new Error('the database ended the transaction by itself');
}
