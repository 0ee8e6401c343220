import type { Hold } from '../model/history.ts';
import type { Transacted } from '../store/store.ts';
import { appendHistory } from './history.ts';
import { requireService } from './services.ts';

/**
 * New versions stay out of the service from now on. A service has one hold: the newest reason stands, the earlier ones stay in
 * history.
 */
export async function setHold(transaction: Transacted, service: string, hold: Hold): Promise<void> {
  await requireService(transaction, service);
  const { since, reason, actor, operation } = hold;
  const text = JSON.stringify({ since, reason, actor, operation });
  await transaction.updateTable('services').set({ hold: text }).where('service', '=', service).execute();
  await mark(transaction, service, 'held', hold);
}

/** False when the service was not held: nothing is written. */
export async function liftHold(
  transaction: Transacted,
  service: string,
  actor: string,
  reason: string,
  at: number,
  operation: string | null = null,
): Promise<boolean> {
  if ((await requireService(transaction, service)).hold === null) return false;
  await transaction.updateTable('services').set({ hold: null }).where('service', '=', service).execute();
  await mark(transaction, service, 'unheld', { since: at, reason, actor, operation });
  return true;
}

async function mark(transaction: Transacted, service: string, kind: 'held' | 'unheld', hold: Hold): Promise<void> {
  const { since, operation, actor, reason } = hold;
  await appendHistory(transaction, service, since, {
    kind,
    version: null,
    share: null,
    requests: null,
    operation,
    source: 'witnessed',
    actor,
    reason,
  });
}
