import { fail } from '../model/errors.ts';
import type { NewHistoryEvent } from '../model/history.ts';
import type { Transacted } from '../store/store.ts';
import { appendHistory } from './history.ts';
import { requireService } from './services.ts';
import { requireVersion } from './versions.ts';

export interface Attestation {
  readonly service: string;
  readonly version: string;
  readonly since: number;
  readonly until: number;
  readonly at: number;
  readonly actor: string;
  readonly reason: string;
}

/** A person swears that a version served well, at 100 %, in a time that sofare did not see. Moves nothing. */
export async function attest(transaction: Transacted, attestation: Attestation): Promise<void> {
  const { service, version, since, until, at, actor, reason } = attestation;
  const { model } = await requireService(transaction, service);
  await requireVersion(transaction, model, version);
  if (!(since < until && until <= at)) {
    fail({
      code: 'usage',
      what: `${version} cannot be attested from ${iso(since)} until ${iso(until)}`,
      why: 'the time must end after it begins, and not in the future',
      touched: 'no',
      next: 'give --since and --until in that order',
    });
  }
  const told = { version, requests: null, operation: null, source: 'attested', actor, reason } as const;
  const events: readonly NewHistoryEvent[] = [
    { ...told, kind: 'share', share: 100, at: since },
    { ...told, kind: 'verified', share: null, at: since },
    { ...told, kind: 'share', share: 0, at: until },
  ];
  for (const event of events) await appendHistory(transaction, service, at, event);
}

function iso(time: number): string {
  return Number.isFinite(new Date(time).getTime()) ? new Date(time).toISOString() : String(time);
}
