import { command, type Flags } from './command.ts';
import type { StatusView } from './status.ts';

/** How it stands in a word, worst first: what needs a person comes before what only takes time. */
export type Condition =
  | 'unseen'
  | 'down'
  | 'degraded'
  | 'differs'
  | 'stuck'
  | 'interrupted'
  | 'moving'
  | 'open'
  | 'empty'
  | 'serving';

export function conditionOf(view: Omit<StatusView, 'condition' | 'next'>): Condition {
  const { served, host, serving, pointer, operation, differences } = view;
  const carrying = serving.filter(({ share }) => share > 0);
  if (served && host === 'down') return 'unseen';
  if (carrying.length > 0 && carrying.every(({ ready }) => ready === 0)) return 'down';
  if (operation?.standing === 'stuck') return 'stuck';
  if (operation?.standing === 'interrupted' || operation?.standing === 'paused') return 'interrupted';
  if (carrying.some(({ ready, wanted, failed }) => failed !== null || ready < wanted)) return 'degraded';
  if (differences.length > 0) return 'differs';
  if (operation) return operation.standing === 'runs' ? 'moving' : 'open';
  return pointer === null && carrying.length === 0 ? 'empty' : 'serving';
}

/** What to do from here, as a command; null where there is nothing. */
export function nextCommand(
  { condition, operation, service, back, hold }: Omit<StatusView, 'next'>,
  flags: Flags,
): string | null {
  const named = flags.includes('--model') ? [] : [service];
  switch (condition) {
    case 'unseen':
      return command(['up'], flags);
    case 'stuck':
    case 'interrupted':
    case 'moving':
    case 'open':
      return operation?.next ?? null;
    case 'down':
    case 'degraded':
      return back?.version ? command(['rollback', ...named], flags) : command(['logs', ...named], flags);
    case 'differs':
      return command(['history', ...named], flags);
    case 'empty':
      return command(['deploy', flags.includes('--model') ? 'VERSION' : `${service}@VERSION`], flags);
    case 'serving':
      return hold
        ? command(['unhold', ...named], flags)
        : back?.version
          ? command(['rollback', ...named, '--plan'], flags)
          : null;
  }
}
