import type { Operation } from '../model/operation.ts';
import type { Plan } from '../model/plan.ts';
import { command, type Flags, serviceOf } from './command.ts';
import { marksLeft } from './marks.ts';
import { versionOrNothing } from './sentence.ts';

export interface NextCommand {
  readonly label: string;
  readonly command: string;
}

/** Commands that go on from where an operation stands. `judged`: a guard has something to judge by. */
export function nextOf(operation: Operation, flags: Flags, judged: boolean): readonly NextCommand[] {
  const { plan, state, trigger } = operation;
  const service = serviceOf(plan, flags);
  switch (state) {
    case 'completed':
      if (marksLeft(plan, trigger)) {
        return [
          { label: 'undo', command: undo(plan, flags) },
          { label: 'lift hold', command: command(['unhold', ...service], flags) },
        ];
      }
      return plan.kind === 'deploy' || plan.kind === 'promote'
        ? [{ label: 'take back', command: command(['rollback', ...service], flags) }]
        : [];
    case 'open':
      return [
        { label: 'go on', command: command(['promote', ...service], flags) },
        ...(judged ? [{ label: 'watch', command: command(['guard', ...service], flags) }] : []),
        { label: 'take back', command: command(['abort', ...service], flags) },
      ];
    case 'running':
    case 'superseded':
      return [{ label: 'follow', command: command(['status', ...service, '-w'], flags) }];
    case 'stuck':
      return operation.problem ? [] : [{ label: 'go on', command: command(['resume', operation.id], flags) }];
    case 'failed':
    case 'abandoned':
      return [{ label: 'look', command: command(['status', ...service], flags) }];
  }
}

/** A version that held everything is rolled back to; one that never did, a canary, is deployed again. */
function undo(plan: Plan, flags: Flags): string {
  const left = versionOrNothing(plan.from);
  const held = plan.planned.weights[left] === 100 || plan.planned.pointer === left;
  if (held) return command(['rollback', ...serviceOf(plan, flags), '--to', left, '--override', 'quarantine'], flags);
  const version = serviceOf(plan, flags).length === 0 ? left : `${plan.service}@${left}`;
  return command(['deploy', version, '--override', 'hold', '--override', 'quarantine'], flags);
}
