import { nextState, type Operation, type OperationEvent } from '../model/operation.ts';
import type { JournalRow } from './journal.ts';

/** What the row of an operation says beside its journal. */
export interface OperationHeader {
  readonly id: string;
  readonly service: string;
  readonly actor: string;
  readonly reason: string;
}

/** An operation as its journal tells it. Total: an event that is illegal where it stands, or a journal without a beginning, gives null. */
export function foldOperation(header: OperationHeader, journal: readonly JournalRow[]): Operation | null {
  const [first, ...rest] = journal;
  if (first?.event.kind !== 'created') return null;
  const { plan, owner, fence, trigger } = first.event;
  const operation: Operation = {
    ...header,
    kind: plan.kind,
    state: 'running',
    plan,
    trigger,
    owner,
    owners: [owner],
    fence,
    ...(plan.planned.record === undefined ? {} : { over: plan.planned.record }),
    createdAt: first.at,
    endedAt: null,
    stepsDone: 0,
    intent: null,
    results: [],
    guard: null,
    decision: null,
    verified: null,
    problem: null,
    supersededBy: null,
  };
  return foldOn(operation, rest);
}

/** The same operation after what its journal says next. */
export function foldOn(begun: Operation, journal: readonly JournalRow[]): Operation | null {
  let operation = begun;
  for (const { at, event } of journal) {
    const state = nextState(operation.state, event);
    if (state === null) return null;
    operation = { ...operation, state, ...changed(operation, event, at) };
  }
  return operation;
}

function changed(operation: Operation, event: OperationEvent, at: number): Partial<Operation> {
  switch (event.kind) {
    case 'created':
      return {};
    case 'claimed':
      return {
        owner: event.owner,
        owners: [...operation.owners, event.owner],
        fence: event.fence,
        endedAt: null,
        verified: null,
        problem: null,
        supersededBy: null,
        ...(event.over === undefined ? {} : { over: event.over }),
      };
    case 'intended':
      return { intent: { step: event.step, attempt: event.attempt, before: event.before, wanted: event.wanted } };
    case 'attempt-failed':
      return {};
    case 'step-done':
      return { stepsDone: event.step + 1, intent: null, decision: null, results: [...operation.results, event.result] };
    case 'replanned':
      return {
        plan: event.plan,
        stepsDone: event.done ?? 0,
        intent: null,
        results: operation.results.slice(0, event.done ?? 0),
        // Its steps have other numbers now; its evidence stands.
        guard: operation.guard && { ...operation.guard, step: -1 },
      };
    case 'extended':
      return { plan: { ...operation.plan, steps: [...operation.plan.steps, ...event.steps] }, decision: null };
    case 'opened':
      return { owner: null };
    case 'guarded':
      return {
        guard: {
          step: event.step,
          startedAt: event.since ?? at,
          policy: event.policy,
          state: event.state,
          reading: event.reading,
          until: event.until,
        },
        decision: null,
      };
    case 'evidence':
      return operation.guard ? { guard: { ...operation.guard, state: event.state, reading: event.reading } } : {};
    case 'measured':
      return { canary: event.canary };
    case 'decided':
      return { decision: event.decision };
    case 'paused':
      // The time of this guard is over; its evidence stands for the next one.
      return {
        owner: null,
        problem: event.problem,
        guard: operation.guard && { ...operation.guard, step: -1 },
        ...(operation.canary ? { canary: { ...operation.canary, step: -1 } } : {}),
      };
    case 'completed':
      return { owner: null, endedAt: at, verified: event.verified, problem: event.problem };
    case 'failed':
      return { owner: null, endedAt: at, problem: event.problem };
    case 'stuck':
      return { owner: null, problem: event.problem };
    case 'superseded':
      return { owner: null, endedAt: at, supersededBy: event.by };
    case 'abandoned':
      return { owner: null, endedAt: at };
  }
}
