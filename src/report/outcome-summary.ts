import { shareOf } from '../model/observation.ts';
import type { Operation } from '../model/operation.ts';
import type { Plan } from '../model/plan.ts';
import { duration } from './duration.ts';
import { isBackwards, marksLeft } from './marks.ts';
import { share } from './number.ts';
import { sentence } from './sentence.ts';

/** Milliseconds from the beginning; null where not reached or not known. */
interface Times {
  readonly safe: number | null;
  readonly verified: number | null;
}

const nouns: Readonly<Record<Plan['kind'], string>> = {
  deploy: 'The deploy of',
  promote: 'The promotion of',
  abort: 'The abort to',
  rollback: 'The rollback to',
  drill: 'The drill of',
};

/** What became of the operation that was asked for, when another one decided the end. */
export function fateOf(asked: Operation, by: Operation): string {
  const { from, to } = asked.plan;
  if (by.kind === 'promote') return asked.decision?.because ?? `${to} was promoted`;
  const why = asked.decision?.because ?? by.reason;
  return by.plan.to === to
    ? `operation ${by.id} took over`
    : `${to} was taken back${from === null ? '' : ` to ${by.plan.to}`} by ${by.actor}: ${why}`;
}

/** How an operation stands, in a sentence or a few. */
export function summaryOf(operation: Operation, times: Times): string {
  const { plan, state, id } = operation;
  switch (state) {
    case 'completed':
      return completed(operation, times);
    case 'open':
      return operation.problem ? `${nouns[plan.kind]} ${plan.to} stopped where it stands.` : standing(operation);
    case 'running':
      return `Operation ${id} (${plan.kind} → ${plan.to}) goes on without this command: ${plan.continues}.`;
    case 'failed':
      return `${nouns[plan.kind]} ${plan.to} failed before any traffic moved.`;
    case 'stuck':
      return `${nouns[plan.kind]} ${plan.to} is stuck and needs a person.`;
    case 'superseded':
      return `Operation ${id} was taken over by ${operation.supersededBy ?? 'another one'}.`;
    case 'abandoned':
      return `Operation ${id} was abandoned where it stood.`;
  }
}

function completed({ plan, verified, trigger }: Operation, times: Times): string {
  const backwards = isBackwards(plan.kind);
  const pointerOnly = plan.steps.every(({ kind }) => kind === 'point');
  const where = backwards
    ? `Back on ${plan.to}.`
    : `${plan.to} is in production${plan.from === null || plan.from === plan.to ? '' : ` in place of ${plan.from}`}.`;
  const reached = pointerOnly ? '' : backwards ? 'traffic safe' : 'all traffic moved';
  const parts = [
    ...(times.safe === null || pointerOnly ? [] : [`${reached} in ${duration(times.safe)}`]),
    ...(times.verified === null ? [] : [`verified in ${duration(times.verified)}`]),
    ...(verified === false ? ['not verified'] : []),
  ];
  return [
    where,
    ...(parts.length === 0 ? [] : [sentence(parts.join(', '))]),
    ...(pointerOnly ? ['Only the pointer of the registry moved; nothing that serves was touched.'] : []),
    ...(marksLeft(plan, trigger) ? [`Held; ${plan.from} quarantined.`] : []),
  ].join(' ');
}

/** What an open deploy has now: a policy may wait in the middle of its steps. */
function standing({ plan, stepsDone }: Operation): string {
  const done = plan.policy ? plan.steps.slice(0, stepsDone) : plan.steps;
  const weights = done.findLast((step) => step.kind === 'route')?.weights ?? plan.planned.weights;
  const beside = plan.from === null ? '' : `, ${plan.from} has ${share(shareOf(weights, plan.from))}`;
  const waits = plan.steps[stepsDone]?.kind === 'pause' ? `The ${plan.kind} waits for promote.` : `The ${plan.kind} stays open.`;
  return `${plan.to} has ${share(shareOf(weights, plan.to))} of ${plan.service}${beside}. ${waits}`;
}
