import type { Outage } from '../model/hosting.ts';
import type { EventLog } from './event-log.ts';

/** From the death of the host before this one until clients are listened to again. */
export class SinceDeath {
  #diedAt: number | null = null;

  /** Only where somebody was answered before. */
  begin(diedAt: number | null): void {
    this.#diedAt = diedAt;
  }

  /** Once: as what is remembered of it, and as what is logged. Nothing where no host had died. */
  end(now: number, events: EventLog, service: string): { readonly lastOutage?: Outage } {
    if (this.#diedAt === null) return {};
    const lastOutage = { since: this.#diedAt, lasted: Math.max(0, now - this.#diedAt) };
    this.#diedAt = null;
    events.write({ event: 'outage', service, detail: `${lastOutage.lasted} ms without a host` });
    return { lastOutage };
  }
}
