import type { Engine } from '../../execute/engine.ts';
import { readOperation } from '../../execute/read.ts';
import type { TaskEnd } from './task-end.ts';

const verbs = {
  deploy: 'deployed',
  promote: 'promoted',
  abort: 'taken back',
  rollback: 'rolled back',
  drill: 'drilled',
} as const;

/** Tells the team how an operation ended. */
export async function announce(engine: Engine, id: string, signal: AbortSignal): Promise<TaskEnd> {
  const operation = await readOperation(engine.store.read, id);
  if (!operation || !engine.notifier) return { kind: 'over', note: 'there is nobody to tell, or nothing to tell of' };
  const { kind, plan, actor, reason, state, verified } = operation;
  const back = kind === 'abort' || kind === 'rollback';
  const text = `${plan.service}: ${back ? plan.from : plan.to} ${verbs[kind]}${back ? `, ${plan.to} serves` : ''}${verified === false ? ', NOT verified' : ''}, by ${actor}: ${reason}`;
  const document = {
    kind,
    state,
    verified,
    from: plan.from,
    to: plan.to,
    actor,
    reason,
    createdAt: operation.createdAt,
    endedAt: operation.endedAt,
  };
  await engine.notifier.announce({ service: plan.service, operation: id, text, document }, signal);
  return { kind: 'over', note: `the team was told of ${id}` };
}
