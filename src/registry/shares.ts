import type { Weights } from '../model/observation.ts';
import { hotQuery } from '../store/hot-query.ts';
import type { Readable, Transacted } from '../store/store.ts';
import { appendHistory } from './history.ts';

export interface SharesChange {
  readonly service: string;
  readonly at: number;
  readonly weights: Weights;
  /** Requests answered so far by version, where traffic is counted. */
  readonly requests: Readonly<Record<string, number>>;
  readonly operation: string;
  readonly actor: string;
  readonly reason: string;
}

const sharesOf = hotQuery((database) => database.selectFrom('services').select('shares').where('service', '=', ''));

const setShares = hotQuery((database) => database.updateTable('services').set({ shares: '' }).where('service', '=', ''));

/** The weights as the history last had them. */
export async function readShares(database: Readable, service: string): Promise<Weights> {
  const [row] = await sharesOf(database, [service]);
  return JSON.parse(row?.shares ?? '{}') as Weights;
}

/** Appends the share of every version whose share changed. The same weights again append nothing. */
export async function changeShares(transaction: Transacted, change: SharesChange): Promise<void> {
  const { service, at, weights, requests, operation, actor, reason } = change;
  const before = await readShares(transaction, service);
  for (const version of new Set([...Object.keys(before), ...Object.keys(weights)])) {
    const share = weights[version] ?? 0;
    if (share === (before[version] ?? 0)) continue;
    const counted = requests[version] ?? null;
    await appendHistory(transaction, service, at, {
      kind: 'share',
      version,
      share,
      requests: counted,
      operation,
      source: 'witnessed',
      actor,
      reason,
    });
  }
  const carried = Object.fromEntries(Object.entries(weights).filter(([, share]) => share > 0));
  await setShares(transaction, [JSON.stringify(carried), service]);
}
