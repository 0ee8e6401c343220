import { next, type KilledService, type Seen, stable } from './killed-service.ts';

/** A change that is killed, from the same beginning each time to the same end. */
export interface Scenario {
  readonly kind: string;
  /** The steps that it goes through, each of which must be watched on all four sides. */
  readonly effects: readonly string[];
  /** How long a version that was left stays warm, and further lines of the service's configuration. */
  readonly keeps?: string;
  readonly more?: string;
  /** Requests a second; a guard needs many. */
  readonly load?: number;
  /** Waits for the clock more than it computes, so that more of them fit beside one another. */
  readonly waits?: boolean;
  /** Once, before the load. */
  readonly set?: (service: KilledService) => Promise<void>;
  /** Brings the service to where the change begins. */
  readonly prepare?: (service: KilledService) => Promise<void>;
  readonly words: readonly string[];
  /** The exit code of the command when nothing kills it; one that goes on after a kill may also find nothing left to do. */
  readonly ends?: number;
  /** What goes on after a kill. */
  readonly recovery?: readonly string[];
  readonly wanted: Seen;
  /** What else must be so in the end. */
  readonly holds?: (service: KilledService) => Promise<void>;
  /** Back to the beginning. */
  readonly clean?: (service: KilledService) => Promise<void>;
}

/** Everything at one version and at rest. */
export function resting(version: string, marks: Partial<Pick<Seen, 'held' | 'quarantined'>> = {}): Seen {
  return {
    shares: { [version]: 100 },
    pointer: version,
    operation: null,
    differences: [],
    held: false,
    quarantined: [],
    ...marks,
  };
}

export const registered = (service: KilledService): Promise<void> => service.register(next);

/** Lifts what a rollback has marked. */
export const unmark = async (service: KilledService): Promise<void> => {
  await service.must(0, 'unhold');
  await service.must(0, 'unquarantine', next);
};

export const backToStable = async (service: KilledService): Promise<void> => {
  await service.must(0, 'rollback', '--to', stable, '-y');
  await unmark(service);
};
