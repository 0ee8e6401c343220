import type { ServingPolicy } from '../model/hosting.ts';
import { Door } from './door.ts';
import { MetricsServer } from './metrics-server.ts';
import { type Front, TrafficProxy } from './proxy.ts';

export interface DoorSurroundings {
  readonly front: Front;
  readonly metrics: () => string;
  readonly changed: (door: 'clients' | 'metrics', event: 'listening' | 'listen-failed', detail: string) => void;
}

/** Where a service is reached: by its clients, and by whoever scrapes its counters. */
export class Doors {
  readonly clients: Door;
  readonly metrics: Door;

  constructor({ front, metrics, changed }: DoorSurroundings) {
    this.clients = new Door(
      () => new TrafficProxy(front),
      (event, detail) => changed('clients', event, detail),
    );
    this.metrics = new Door(
      () => new MetricsServer(metrics),
      (event, detail) => changed('metrics', event, detail),
    );
  }

  /** Returns after the first try. `kept`: the port that clients know from earlier, or null. */
  async open(policy: ServingPolicy, kept: number | null): Promise<void> {
    await this.clients.open(policy.listen, kept);
    if (policy.metrics) await this.metrics.open(policy.metrics, null);
  }

  close(): void {
    this.clients.close();
    this.metrics.close();
  }

  destroy(): void {
    this.clients.destroy();
    this.metrics.destroy();
  }
}
