import { fail } from '../model/errors.ts';
import type { Transacted } from '../store/store.ts';
import { appendHistory } from './history.ts';
import { movePointer } from './pointer.ts';
import { requireService } from './services.ts';
import { readShares } from './shares.ts';
import { requireVersion } from './versions.ts';

export interface Adoption {
  readonly service: string;
  readonly version: string;
  /** Since when it has served, as far as is known. */
  readonly since: number;
  readonly at: number;
  /** Something is served: the version has 100 % of its traffic. False where only the pointer stands for production. */
  readonly served: boolean;
  /** What served before it, oldest first, each until the next one: with why it came, as far as is known. */
  readonly before?: readonly Earlier[];
  /** The endpoint itself said that this version answers. */
  readonly verified: boolean;
  readonly actor: string;
  readonly reason: string;
}

export interface Earlier {
  readonly version: string;
  readonly since: number;
  readonly reason: string;
}

/**
 * Takes what serves now into the history, as imported. Moves nothing; sets the pointer only where none is set.
 * False when the registry had the version there already: nothing is written. Fails when it has another one there.
 */
export async function adopt(transaction: Transacted, adoption: Adoption): Promise<boolean> {
  const { service, version, since, at, served, before = [], verified, actor, reason } = adoption;
  const { model, pointer } = await requireService(transaction, service);
  await requireVersion(transaction, model, version);
  const shares = await readShares(transaction, service);
  const other = [...Object.keys(shares), ...(pointer === null ? [] : [pointer])].find((name) => name !== version);
  if (other !== undefined) {
    fail({
      code: 'from.differs',
      what: `${version} cannot be adopted into ${service}`,
      why: `by its history ${other} serves there`,
      touched: 'no',
      next: `sofare history ${service}`,
    });
  }
  if (served ? shares[version] === 100 : pointer === version) return false;
  const told = { version, requests: null, operation: null, source: 'imported', actor, reason } as const;
  if (served) {
    for (const [index, earlier] of before.entries()) {
      const share = { ...told, version: earlier.version, reason: earlier.reason, kind: 'share' } as const;
      await appendHistory(transaction, service, at, { ...share, share: 100, at: earlier.since });
      await appendHistory(transaction, service, at, { ...share, share: 0, at: before[index + 1]?.since ?? since });
    }
    await appendHistory(transaction, service, at, { ...told, kind: 'share', share: 100, at: since });
    await transaction
      .updateTable('services')
      .set({ shares: JSON.stringify({ [version]: 100 }) })
      .where('service', '=', service)
      .execute();
    if (verified) await appendHistory(transaction, service, at, { ...told, kind: 'verified', share: null });
  }
  if (pointer === null) {
    await movePointer(transaction, { service, version, at: since, operation: null, actor, reason, source: 'imported' });
  }
  return true;
}
