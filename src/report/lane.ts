import type { Operation } from '../model/operation.ts';
import { lastShare } from '../model/plan.ts';
import { command } from './command.ts';
import { ago } from './duration.ts';
import { share } from './number.ts';
import { versionOrNothing } from './sentence.ts';

/** What is known of the process that owns an operation. unseen: it is on another machine, and no lease says whether it lives. */
export type OwnerLife = 'alive' | 'gone' | 'elsewhere' | 'unseen';

/** The operation that holds a lane, as a screen tells it. */
export interface LaneView {
  readonly id: string;
  readonly kind: Operation['kind'];
  readonly from: string | null;
  readonly to: string;
  readonly actor: string;
  readonly reason: string;
  readonly since: number;
  readonly standing: 'runs' | 'interrupted' | 'open' | 'paused' | 'stuck';
  /** The step under way or to come; null after the last. */
  readonly step: string | null;
  readonly how: string;
  readonly next: string;
}

export function laneView(operation: Operation, owner: OwnerLife): LaneView {
  const { id, kind, plan, actor, reason, createdAt, stepsDone } = operation;
  const standing = standingOf(operation, owner);
  const step = plan.steps[stepsDone]?.kind ?? null;
  return {
    id,
    kind,
    from: plan.from,
    to: plan.to,
    actor,
    reason,
    since: createdAt,
    standing,
    step,
    how: howOf(operation, standing, step, owner),
    next: nextOf(operation, standing),
  };
}

/** `operation 7f3kxz (deploy 1.2.0 → 1.3.0, by ana, 2m ago) stopped during route`. */
export function laneText({ id, kind, from, to, actor, since, how }: LaneView, now: number): string {
  return `operation ${id} (${kind} ${versionOrNothing(from)} → ${to}, by ${actor}, ${ago(since, now)}) ${how}`;
}

function standingOf({ state, problem }: Operation, owner: OwnerLife): LaneView['standing'] {
  if (state === 'stuck') return 'stuck';
  if (state === 'open') return problem ? 'paused' : 'open';
  return owner === 'gone' ? 'interrupted' : 'runs';
}

/** What pushes an operation aside whose process is dead. */
function pushesAside({ kind, service }: Operation): string {
  return command(['rollback', service, ...(kind === 'deploy' || kind === 'promote' ? [] : ['--emergency'])]);
}

function howOf(operation: Operation, standing: LaneView['standing'], step: string | null, owner: OwnerLife): string {
  const { plan, problem, decision } = operation;
  const why = problem ? `: ${problem.what} (${problem.why})` : '';
  switch (standing) {
    case 'stuck':
      return `is stuck${step === null ? '' : ` at ${step}`}${why}`;
    case 'paused':
      return `is paused${why}`;
    case 'open':
      return `stays open at ${share(lastShare(plan))}${decision ? `: ${decision.because}` : ''}`;
    case 'interrupted':
      return step === null ? 'stopped after its last step' : `stopped during ${step}`;
    case 'runs':
      return `runs${owner === 'alive' ? '' : ' on another machine'}${step === null ? '' : `: ${step}`}${
        owner === 'unseen' ? `; nobody sees from here whether it lives, and if it is dead: ${pushesAside(operation)}` : ''
      }`;
  }
}

function nextOf({ id, service }: Operation, standing: LaneView['standing']): string {
  switch (standing) {
    case 'stuck':
    case 'interrupted':
    case 'paused':
      return command(['resume', id]);
    case 'open':
      return command(['promote', service]);
    case 'runs':
      return command(['status', service, '-w']);
  }
}
