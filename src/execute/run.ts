import type { Problem } from '../model/errors.ts';
import type { Operation, OperationEvent } from '../model/operation.ts';
import type { Plan, Step } from '../model/plan.ts';
import { readService } from '../registry/services.ts';
import type { Transacted } from '../store/store.ts';
import { advertise } from './advertise.ts';
import { advertiseRest } from './advertise-rest.ts';
import type { Engine } from './engine.ts';
import { sharesInForce } from './in-force.ts';
import { commitEvents } from './lane.ts';
import { renewal, whileLeased, whileRunning } from './lease.ts';
import { performEffect } from './perform.ts';
import type { StepContext, StepPerformer } from './performer.ts';
import { requireOperation } from './read.ts';
import { scheduleAfter, scheduleGivenUp } from './schedule.ts';
import { wakeAgain, wakesAgain } from './wake-again.ts';

export interface RunOptions {
  /** Aborted: the step under way stops where it can, nothing more is begun, and the operation can be resumed. */
  readonly signal: AbortSignal;
  /** Asked when the target failed before any traffic moved: another plan for the same operation, or null. */
  readonly replan: (operation: Operation, problem: Problem) => Promise<Plan | null>;
}

type Rows = (transaction: Transacted, at: number) => Promise<void>;

/** Runs an operation that this process owns, step by step, until it has ended, waits, or a verdict asks for another operation. */
export function run(engine: Engine, begun: Operation, options: RunOptions): Promise<Operation> {
  const lease = { id: begun.id, renew: renewal(engine, begun) };
  const leased = () => whileLeased(engine, lease, options.signal, (signal) => runOwned(engine, begun, { ...options, signal }));
  return whileRunning(engine, begun, leased);
}

async function runOwned(engine: Engine, begun: Operation, options: RunOptions): Promise<Operation> {
  let operation = begun;
  const wakes = { left: wakesAgain };
  await advertise(engine, operation, options.signal);
  while (operation.state === 'running' && !actedOn(operation)) {
    options.signal.throwIfAborted();
    const step = operation.plan.steps[operation.stepsDone];
    if (step?.kind === 'route' && (await heldBack(engine, operation))) await stopWhereItStands(engine, operation, options.signal);
    else if (step) await perform(engine, operation, step, options, wakes);
    else await end(engine, operation);
    operation = await requireOperation(engine.store.read, operation.id);
    if (step?.kind === 'route' && lasts(operation)) await advertise(engine, operation, options.signal);
  }
  if (operation.state !== 'running') await advertiseRest(engine, operation, options.signal);
  return operation;
}

/** Traffic was moved and will stay so for a while: others are told, and not only when all is over. */
function lasts({ state, plan, stepsDone }: Operation): boolean {
  return state === 'running' && plan.steps[stepsDone] !== undefined && plan.steps[stepsDone]?.kind !== 'confirm';
}

/** A verdict to roll back, or to promote what has no further step, is acted on by another operation. */
function actedOn(operation: Operation): boolean {
  return operation.decision?.action === 'roll back' || operation.decision?.action === 'promote';
}

async function perform(
  engine: Engine,
  operation: Operation,
  step: Step,
  { signal, replan }: RunOptions,
  wakes: { left: number },
): Promise<void> {
  const number = operation.stepsDone;
  const context: StepContext = {
    engine,
    operation,
    step: number,
    key: `${operation.id}/${number}/${operation.plan.fingerprint}`,
    fence: operation.fence,
    signal,
  };
  const performer = engine.performers[step.kind] as StepPerformer;
  const done = async (event: OperationEvent, finish?: Rows): Promise<void> => {
    await commitEvents(engine, `${step.kind}.done`, operation, [event], finish);
  };
  switch (performer.does) {
    case 'effect': {
      const outcome = await performEffect(performer, step, context);
      if (outcome.kind === 'failed') {
        wakes.left -= 1;
        if (wakes.left >= 0 && (await wakeAgain(engine, operation, step, outcome.problem))) return;
        await givenUp(engine, operation, outcome.problem, replan);
      }
      if (outcome.kind === 'foreign') await park(engine, operation, outcome.problem);
      return;
    }
    case 'record': {
      const event = { kind: 'step-done' as const, step: number, result: {} };
      return done(event, async (transaction, at) => {
        await performer.finish(transaction, at, step, context);
      });
    }
    case 'watch': {
      const outcome = await performer.watch(step, context);
      switch (outcome.kind) {
        case 'passed':
          return done({ kind: 'step-done', step: number, result: outcome.result }, (transaction, at) =>
            finished(performer, transaction, at, step, context, outcome.result),
          );
        case 'unconfirmed':
          await commitEvents(
            engine,
            `${step.kind}.done`,
            operation,
            [
              { kind: 'step-done', step: number, result: outcome.result },
              { kind: 'completed', verified: false, problem: outcome.problem },
            ],
            (transaction, at) => scheduleAfter(transaction, engine, operation, at),
          );
          return;
        case 'failed':
          return givenUp(engine, operation, outcome.problem, replan);
        case 'decided':
        case 'paused':
          return;
      }
    }
  }
}

async function finished(
  performer: StepPerformer,
  transaction: Transacted,
  at: number,
  step: Step,
  context: StepContext,
  result: Parameters<NonNullable<Extract<StepPerformer, { does: 'watch' }>['finish']>>[4],
): Promise<void> {
  if (performer.does === 'watch') await performer.finish?.(transaction, at, step, context, result);
}

/** Before traffic moved the operation has failed and nothing was touched; after it, it goes forward or parks for a person. */
async function givenUp(engine: Engine, operation: Operation, problem: Problem, replan: RunOptions['replan']): Promise<void> {
  const late = operation.stepsDone > firstMoving(operation);
  if (late && operation.plan.policy?.progressDeadlineAbort) return takeBack(engine, operation, problem);
  if (late) return park(engine, operation, { ...problem, touched: 'yes' });
  // What was sent may have been done, or may be done yet.
  if (operation.stepsDone === firstMoving(operation) && problem.touched !== 'no') return park(engine, operation, problem);
  const plan = await replan(operation, problem);
  if (plan) {
    await commitEvents(engine, 'replan', operation, [{ kind: 'replanned', plan, because: problem.what }]);
    return;
  }
  // It pushed another operation aside: ended, it would leave a split that nobody looks after.
  if (operation.plan.planned.operation !== null) return park(engine, operation, problem);
  await commitEvents(
    engine,
    'give-up',
    operation,
    [{ kind: 'failed', problem: { ...problem, touched: 'no' } }],
    (transaction, at) => scheduleGivenUp(transaction, engine, operation, at),
  );
}

/** The policy says so: a version that makes no progress in time is taken back instead of waited for. */
async function takeBack(engine: Engine, operation: Operation, problem: Problem): Promise<void> {
  const because = `${operation.plan.to} has failed: ${problem.what} (${problem.why})`;
  const exposure = { had: 0, needed: 0 };
  const verdict = { action: 'roll back', verdict: 'regressed', cause: 'failed', because } as const;
  await commitEvents(engine, 'deadline', operation, [
    { kind: 'decided', decision: { ...verdict, metrics: [], logE: 0, bar: 0, exposure } },
  ]);
}

/** True from the intent of the first step that moves traffic or pointer. */
export function moved(operation: Operation): boolean {
  const moving = firstMoving(operation);
  return operation.stepsDone > moving || operation.intent?.step === moving;
}

function firstMoving({ plan }: Operation): number {
  const moving = plan.steps.findIndex((step) => step.kind === 'route' || step.kind === 'point');
  return moving < 0 ? plan.steps.length : moving;
}

/** A hold set since keeps a new version from getting more traffic than it has. What takes traffic back is never held. */
async function heldBack({ store, service }: Engine, { kind }: Operation): Promise<boolean> {
  if (kind !== 'deploy' && kind !== 'promote') return false;
  return (await readService(store.read, service.name))?.hold != null;
}

async function stopWhereItStands(engine: Engine, operation: Operation, signal: AbortSignal): Promise<void> {
  const problem: Problem = {
    code: 'interrupted',
    what: `operation ${operation.id} stands still`,
    why: `${operation.service} is held since it began`,
    touched: moved(operation) ? 'yes' : 'no',
    next: `sofare unhold ${operation.service}, then sofare resume ${operation.id}; or sofare abort ${operation.service}`,
  };
  const shares = await sharesInForce(engine, operation, signal);
  await commitEvents(engine, 'hold', operation, [{ kind: 'paused', problem }], shares);
}

async function park(engine: Engine, operation: Operation, problem: Problem): Promise<void> {
  await commitEvents(engine, 'park', operation, [
    { kind: 'stuck', problem: { ...problem, next: `sofare resume ${operation.id}` } },
  ]);
}

async function end(engine: Engine, operation: Operation): Promise<void> {
  const routes = operation.plan.steps.filter((step) => step.kind === 'route');
  const share = routes.at(-1)?.weights[operation.plan.to];
  const event: OperationEvent =
    share !== undefined && share < 100
      ? { kind: 'opened' }
      : {
          kind: 'completed',
          verified: operation.results.some((result) => result.identity !== undefined) || routes.length === 0,
          problem: null,
        };
  await commitEvents(engine, 'end', operation, [event], async (transaction, at) => {
    if (event.kind === 'completed') await scheduleAfter(transaction, engine, operation, at);
  });
}
