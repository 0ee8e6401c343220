import type { OperationEvent } from '../model/operation.ts';
import type { Service } from '../model/service.ts';
import type { Step, StepKind } from '../model/plan.ts';
import type { Artifacts } from '../ports/artifacts.ts';
import type { Clock } from '../ports/clock.ts';
import type { Failpoints } from '../ports/failpoints.ts';
import type { HealthProbe } from '../ports/health-probe.ts';
import type { MetricSource } from '../ports/metric-source.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { Probe } from '../ports/probe.ts';
import type { Processes } from '../ports/processes.ts';
import type { Random } from '../ports/random.ts';
import type { Owner } from '../ports/owner.ts';
import type { RecordStore } from '../ports/record.ts';
import type { Target } from '../ports/target.ts';
import type { Traffic, TrafficSignal } from '../ports/traffic.ts';
import type { RegistryFolder } from '../registry/registry-folder.ts';
import type { Store } from '../store/store.ts';
import type { Glass } from './glass.ts';
import type { StepPerformer } from './performer.ts';

/** Everything an operation on one service needs: its state, its world, and how each kind of step is done. Made by wire.ts. */
export interface Engine {
  readonly service: Service;
  /** The folder of the registry. */
  readonly registry: RegistryFolder;
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
  readonly processes: Processes;
  readonly failpoints: Failpoints;
  readonly artifacts: Artifacts;
  /** Copies the registry beside itself, and says where to. */
  readonly backUp: () => Promise<string>;
  readonly probe: Probe;
  /** Where the metrics of a policy are measured; absent: none can be. */
  readonly metrics?: MetricSource;
  /** Asks copies for their health in ways that are not a GET; absent: only those. */
  readonly health?: HealthProbe;
  /** Null where nobody is to be told. */
  readonly notifier: Notifier | null;
  /** Null together, for the implicit service of a registry with nothing served. */
  readonly world: World | null;
  readonly performers: Performers;
  /** Absent where nothing can be done without the registry. */
  readonly glass?: Glass;
  /** Somebody goes on with an operation when this process dies. */
  readonly supervised: boolean;
  /** Told of every event once it is durable. For screens; must not fail. */
  readonly announce: (operation: string, event: OperationEvent, at: number) => void;
}

export interface World {
  readonly target: Target;
  readonly traffic: Traffic;
  readonly record: RecordStore;
  /** What the traffic path counts. */
  readonly signal: TrafficSignal;
  /** What guards judge by; absent: what the traffic path counts. */
  readonly judged?: TrafficSignal;
  /** Who else writes what traffic goes by, where he is to be told; absent: he is only named. */
  readonly owner?: Owner;
}

export type Performers = { readonly [Kind in StepKind]: StepPerformer<Extract<Step, { kind: Kind }>> };
