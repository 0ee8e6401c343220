import type { Engine } from '../../execute/engine.ts';
import { type Problem, ProblemError } from '../../model/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Processes } from '../../ports/processes.ts';
import { Slots } from '../../store/slots.ts';
import type { Store } from '../../store/store.ts';
import { doDueTasks, type TaskReport } from '../due.ts';
import type { Outcome } from '../outcome.ts';
import type { Request } from '../request.ts';
import { resume } from '../resume.ts';
import { Pace } from './pace.ts';
import { type Means, pacedEngine } from './paced-engine.ts';
import { type Pending, pendingOperations, servicesWithDueTasks } from './pending.ts';
import { Workload } from './workload.ts';

export interface Recovery {
  readonly store: Store;
  readonly clock: Clock;
  readonly processes: Processes;
  /** The engine of a service, or null when it is not configured here. */
  readonly engineOf: (service: string) => Engine | null;
  readonly request: (engine: Engine) => Request;
  /** Calls to what serves that may begin in any second. */
  readonly perSecond: number;
  /** Operations and tasks that are carried on at once. */
  readonly atOnce: number;
  /** From 0 to 1: where in the time of the first calls this process begins, so that many that start together do not call together. */
  readonly offset: number;
  readonly signal: AbortSignal;
}

export interface Recovered {
  readonly operations: readonly RecoveredOperation[];
  readonly tasks: readonly TaskReport[];
}

export interface RecoveredOperation {
  readonly operation: string;
  readonly service: string;
  readonly end: Outcome | { readonly kind: 'failed'; readonly problem: Problem };
}

const lookAgain = 1_000;
const longestOffset = 5_000;
const manyAtWork = 100;
const seldom = 30;

/**
 * Goes on with every operation whose owner is gone and does every task that is due, also what becomes so meanwhile, until nothing is
 * left. However much that is, what serves is called at the configured rate, and what takes production back comes first.
 */
export async function recover(recovery: Recovery): Promise<Recovered> {
  const { store, clock, engineOf, signal } = recovery;
  const means: Means = {
    pace: new Pace(recovery.perSecond, clock),
    slots: new Slots(recovery.atOnce),
    watching: new Slots(recovery.perSecond),
  };
  const recovered = { operations: [] as RecoveredOperation[], tasks: [] as TaskReport[] };
  const work = new Workload();
  /** Services whose tasks are at work, or ended as nobody foresaw: those would be begun again for ever. */
  const closed = new Set<string>();
  for (let looks = 0; !signal.aborted; looks += 1) {
    // While much waits, only what would go before it is worth a look each second: the rest would wait all the same.
    const which = work.atWork > manyAtWork && looks % seldom !== 0 ? 'back' : 'all';
    const operations = await pendingOperations(store, recovery.processes, which);
    const services = which === 'all' ? await servicesWithDueTasks(store) : [];
    const spread = ((operations.length + services.length) / recovery.perSecond) * 1_000;
    const late = looks === 0 ? recovery.offset * Math.min(longestOffset, spread) : 0;
    for (const pending of operations) {
      const engine = engineOf(pending.service);
      // One of our own was left only when nothing of its service is under way: an error has cut it short.
      if (!engine || (pending.own && work.isAt(pending.service))) continue;
      work.begin(`${pending.operation} under ${pending.fence}`, pending.service, async () => {
        // What takes production back waits for nobody.
        if (pending.urgency === 'usual') await clock.wait(late, signal);
        recovered.operations.push(await means.slots.use(pending.urgency, () => goOn(engine, pending, means, recovery)));
      });
    }
    for (const due of services) {
      const engine = engineOf(due.service);
      if (!engine || closed.has(due.service)) continue;
      work.begin(`tasks of ${due.service}: ${due.state}`, due.service, async () => {
        await clock.wait(late, signal);
        const paced = pacedEngine(engine, means, 'usual', signal);
        closed.add(due.service);
        recovered.tasks.push(...(await means.slots.use('usual', () => doDueTasks(paced, recovery.request(engine)))));
        closed.delete(due.service);
      });
    }
    if (work.atWork === 0) break;
    await work.doneOr(lookAgain, clock, signal);
  }
  await work.done();
  return recovered;
}

async function goOn(engine: Engine, pending: Pending, means: Means, recovery: Recovery): Promise<RecoveredOperation> {
  const { operation, service, urgency } = pending;
  const paced = pacedEngine(engine, means, urgency, recovery.signal);
  try {
    const end = await resume(paced, { ...recovery.request(engine), operation, abandon: false });
    return { operation, service, end };
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code !== 'disk.unsynced')
      return { operation, service, end: { kind: 'failed', problem: error.problem } };
    throw error;
  }
}
