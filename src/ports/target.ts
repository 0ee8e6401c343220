import type { ModelVersion } from '../model/version.ts';
import type { Past } from './past.ts';
import type { TargetObservation } from '../model/observation.ts';

/** What a target can do; false unless it says so, and a plan says what is done without. */
export interface TargetCapabilities {
  /** Writes carry a fence, and one lower than the highest seen is refused. */
  readonly fence: boolean;
  /** More copies than usual may run for a while. */
  readonly surge: boolean;
  /** Two versions may run at once. */
  readonly sideBySide: boolean;
  /** One version may run twice, each time under a name and with a share of its own. */
  readonly twice: boolean;
  /** The target moves traffic itself; no traffic adapter may touch it. */
  readonly ownsTraffic: boolean;
  /** Copies see files of this machine; else a version is its image. */
  readonly files: boolean;
}

/** What is wanted of one version. */
export interface Workload {
  readonly version: ModelVersion;
  /** Under which it runs and has its share: the version, or as model/fresh has it. */
  readonly name: string;
  readonly copies: number;
  /** Read-only folder with the version's files, or null where it has none. */
  readonly artifacts: string | null;
  /** It served before and comes back as it was, where the target still knows how; else it is made as configured now. */
  readonly returns: boolean;
}

/** Where versions run. */
export interface Target {
  readonly can: TargetCapabilities;
  /** Absent: what ran there before sofare did cannot be told from what it runs. */
  readonly past?: Past;
  /** What runs now, as the target says, never as we remember. */
  observe(signal: AbortSignal): Promise<TargetObservation>;
  /** Resolves when something may have changed, or after `atMost` milliseconds. A hint: observe to know. */
  changes(atMost: number, signal: AbortSignal): Promise<void>;
  /** Declares the wanted workload and returns at once; readiness is then waited for by observing. The same key has the same effect once. */
  apply(workload: Workload, key: string, fence: number, signal: AbortSignal): Promise<void>;
  /** Stops a version gracefully. Refused by the target while the version has a share. Already gone: no error. */
  retire(version: string, key: string, fence: number, signal: AbortSignal): Promise<void>;
}
