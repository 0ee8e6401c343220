import { understood } from '../../model/service-record.ts';
import type { RecordStore } from '../../ports/record.ts';
import type { HostClient } from '../kit/host-client.ts';

/** The record of a service in the state of the local host. */
export function hostRecord(service: string, host: HostClient): RecordStore {
  return {
    read: async (signal) => understood(await host.record(service, signal)),
    swap: (expected, value, signal) => host.swapRecord(service, { revision: expected, value }, signal),
  };
}
