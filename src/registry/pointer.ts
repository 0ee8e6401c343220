import type { HistorySource } from '../model/history.ts';
import type { Transacted } from '../store/store.ts';
import { appendHistory } from './history.ts';
import { requireService } from './services.ts';
import { requireVersion } from './versions.ts';

export interface PointerMove {
  readonly service: string;
  readonly version: string;
  readonly at: number;
  readonly operation: string | null;
  readonly actor: string;
  readonly reason: string;
  readonly source: HistorySource;
}

/**
 * Puts a version of the service's model into production, with its history event. False when it was there already: nothing is
 * written.
 */
export async function movePointer(transaction: Transacted, move: PointerMove): Promise<boolean> {
  const { service, version, at, operation, actor, reason, source } = move;
  const state = await requireService(transaction, service);
  if (state.pointer === version) return false;
  await requireVersion(transaction, state.model, version);
  await transaction.updateTable('services').set({ pointer: version, pointed_at: at }).where('service', '=', service).execute();
  await appendHistory(transaction, service, at, {
    kind: 'pointed',
    version,
    share: null,
    requests: null,
    operation,
    source,
    actor,
    reason,
  });
  return true;
}
