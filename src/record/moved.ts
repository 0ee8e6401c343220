import type { HistoryEvent } from '../model/history.ts';
import type { Moved } from './incident-view.ts';
import type { Chapter } from './story.ts';
import type { Watch } from './watch.ts';

/** What the operation changed, by its plan, its journal and the history. `after` is null for what it never reached. */
export function movedOf({ operation, journal }: Chapter, history: readonly HistoryEvent[], watch: Watch | null): Moved {
  const { plan, id } = operation;
  const done = journal.flatMap(({ event }) => (event.kind === 'step-done' ? [event] : []));
  const pointed = history.findLast(({ kind, operation: by }) => kind === 'pointed' && by === id);
  return {
    weights: { before: plan.planned.weights, after: done.findLast(({ result }) => result.weights)?.result.weights ?? null },
    pointer: { before: plan.planned.pointer, after: pointed?.version ?? null },
    copies: plan.steps.flatMap((step, index) =>
      step.kind === 'wake' && operation.stepsDone > index
        ? [{ version: step.version, before: copiesBefore(journal, index), after: step.copies }]
        : [],
    ),
    identity: operation.results.findLast(({ identity }) => identity !== undefined)?.identity ?? null,
    labels: watch?.labels ?? null,
  };
}

/** Ready copies at the first attempt of the step. */
function copiesBefore(journal: Chapter['journal'], step: number): number | null {
  const replanned = journal.findLastIndex(({ event }) => event.kind === 'replanned');
  const intent = journal.slice(replanned + 1).find(({ event }) => event.kind === 'intended' && event.step === step)?.event;
  const before = intent?.kind === 'intended' ? intent.before : null;
  const copies = typeof before === 'object' && before !== null && 'copies' in before ? before.copies : null;
  return typeof copies === 'number' ? copies : null;
}
