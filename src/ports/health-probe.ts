import type { ProbeAnswer } from './probe.ts';

/** Asks one copy for its health in ways that are not a GET. Each says why not, or null. */
export interface HealthProbe {
  tcp(address: string, within: number, signal: AbortSignal): Promise<string | null>;
  grpc(address: string, service: string, within: number, signal: AbortSignal): Promise<string | null>;
  command(command: readonly string[], address: string, within: number, signal: AbortSignal): Promise<string | null>;
  /** Sends JSON; null: GET. */
  send(url: string, body: string | null, within: number, signal: AbortSignal): Promise<ProbeAnswer>;
}
