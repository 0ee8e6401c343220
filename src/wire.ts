import type { Engine, Performers, World } from './execute/engine.ts';
import type { Glass } from './execute/glass.ts';
import { pointStep } from './execute/steps/point.ts';
import { routeStep } from './execute/steps/route.ts';
import { wakeStep } from './execute/steps/wake.ts';
import { watched } from './execute/watched-ports.ts';
import type { HostClient } from './adapters/kit/host-client.ts';
import type { ClusterClient } from './adapters/kit/kubernetes/cluster-client.ts';
import type { SharedDatabase } from './configure/configuration.ts';
import type {
  ClusterPlace,
  ClusterServing,
  GatewayTraffic,
  HostServing,
  IstioTraffic,
  SelectorTraffic,
  Service,
  Serving,
} from './model/service.ts';
import type { Failpoints } from './ports/failpoints.ts';
import type { HealthProbe } from './ports/health-probe.ts';
import type { MetricSource } from './ports/metric-source.ts';
import type { Notifier } from './ports/notifier.ts';
import type { RecordStore } from './ports/record.ts';
import type { Target } from './ports/target.ts';
import type { Traffic, TrafficSignal } from './ports/traffic.ts';
import type { RegistryFolder } from './registry/registry-folder.ts';
import type { Store } from './store/store.ts';
import { systemClock } from './adapters/system/clock.ts';
import { systemFailpoints } from './adapters/system/failpoints.ts';
import { systemProbe } from './adapters/system/probe.ts';
import { systemProcesses } from './adapters/system/processes.ts';
import { systemRandom } from './adapters/system/random.ts';
import { systemTurn } from './adapters/system/turn.ts';
import { canaryStep } from './verify/canary-step.ts';
import { bakeStep } from './verify/bake-step.ts';
import { confirmStep } from './verify/confirm-step.ts';
import { proveStep } from './verify/prove-step.ts';

/** Every adapter there is, by kind: a new one is a line here. */
const targets = {
  process: async (service: Service, serving: HostServing, host: HostClient): Promise<Target> =>
    (await import('./adapters/target/process.ts')).processTarget(service, serving, host),
  deployment: async (
    service: Service,
    serving: ClusterServing,
    cluster: ClusterClient,
    beside: Pick<World, 'record' | 'traffic'>,
  ) => (await import('./adapters/target/deployment.ts')).deploymentTarget(service, serving, cluster, beside),
} satisfies Record<Serving['target']['kind'], unknown>;

const traffics = {
  'proxy': async (service: Service, host: HostClient): Promise<{ traffic: Traffic; signal: TrafficSignal }> =>
    (await import('./adapters/traffic/proxy.ts')).proxyTraffic(service, host),
  'istio': async (service: Service, traffic: IstioTraffic, cluster: ClusterClient): Promise<Traffic> =>
    (await import('./adapters/traffic/istio.ts')).istioTraffic(service, traffic, cluster, systemClock),
  'gateway-api': async (service: Service, traffic: GatewayTraffic, cluster: ClusterClient): Promise<Traffic> =>
    (await import('./adapters/traffic/gateway-api.ts')).gatewayTraffic(service, traffic, cluster, systemClock),
  'service-selector': async (service: Service, traffic: SelectorTraffic, cluster: ClusterClient): Promise<Traffic> =>
    (await import('./adapters/traffic/service-selector.ts')).selectorTraffic(service, traffic, cluster, systemClock),
} satisfies Record<Serving['traffic']['kind'], unknown>;

export const performers: Performers = {
  wake: wakeStep,
  route: routeStep,
  bake: bakeStep,
  prove: proveStep,
  pause: canaryStep,
  analysis: canaryStep,
  point: pointStep,
  confirm: confirmStep,
};

export interface EngineOptions {
  readonly service: Service;
  readonly registry: RegistryFolder;
  readonly store: Store;
  readonly failpoints: Failpoints;
  /** Null: the local host does not run; what serves cannot be seen or moved. */
  readonly host: HostClient | null;
  /** Null: what runs in a cluster is not looked at. */
  readonly clusters: Clusters | null;
  readonly supervised: boolean;
  /** The command that tells the team and the folder it runs in, or null. */
  readonly notify: { readonly command: string; readonly directory: string } | null;
  readonly announce: Engine['announce'];
  /** Left out: nothing is done without the registry, nor taken in. */
  readonly glass?: Glass;
}

/** The rows of a registry: in a file of its folder, or in the database that several controllers share. */
export async function openStore(
  registry: RegistryFolder,
  database: SharedDatabase | null,
  readOnly: boolean,
  failpoints: Failpoints,
): Promise<Store> {
  if (database !== null) {
    const { openPostgres } = await import('./store/postgres.ts');
    return openPostgres({ ...database, readOnly, clock: systemClock, failpoints });
  }
  const { openSqlite } = await import('./store/sqlite.ts');
  return openSqlite({ file: registry.database, readOnly, clock: systemClock, failpoints, turn: systemTurn });
}

/** The journal of what is done without the registry: always a file of this machine. */
export async function openLocalStore(file: string, failpoints: Failpoints): Promise<Store> {
  const { openSqlite } = await import('./store/sqlite.ts');
  return openSqlite({ file, readOnly: false, clock: systemClock, failpoints });
}

/** The engine of one service: its ports chosen by its configuration, each wrapped so that a test can stop it at any call. */
export async function makeEngine(options: EngineOptions): Promise<Engine> {
  const { service, registry, store, failpoints } = options;
  const { folderArtifacts } = await import('./adapters/artifacts/folder.ts');
  return {
    service,
    registry,
    store,
    clock: systemClock,
    random: systemRandom,
    processes: systemProcesses(),
    failpoints,
    artifacts: folderArtifacts({ ...registry, failpoints }),
    backUp: async () =>
      (await import('./registry/backup.ts')).backupRegistry(store, registry.backups, { clock: systemClock, failpoints }),
    probe: watched('probe', systemProbe, failpoints),
    health: watched('health', makeHealth(), failpoints),
    metrics: watched('metrics', makeMetrics(), failpoints),
    notifier: options.notify === null ? null : watched('notifier', await makeNotifier(options.notify), failpoints),
    world: await worldFor(options),
    performers,
    supervised: options.supervised,
    announce: options.announce,
    ...(options.glass ? { glass: options.glass } : {}),
  };
}

async function makeNotifier({ command, directory }: NonNullable<EngineOptions['notify']>): Promise<Notifier> {
  return (await import('./adapters/notifier/command.ts')).commandNotifier(command, directory);
}

function makeHealth(): HealthProbe {
  return {
    tcp: async (...asked) => (await import('./adapters/health/tcp.ts')).tcpHealth(...asked),
    grpc: async (...asked) => (await import('./adapters/health/grpc.ts')).grpcHealth(...asked),
    command: async (...asked) => (await import('./adapters/health/command.ts')).commandHealth(...asked),
    send: async (...asked) => (await import('./adapters/health/send.ts')).send(...asked),
  };
}

/** Loaded when something is measured: most commands measure nothing. */
function makeMetrics(): MetricSource {
  const adapter = () => import('./adapters/signal/metric-source.ts');
  return {
    missing: async (provider) => (await adapter()).missingVariables(provider),
    measure: async (provider, range, signal) => (await adapter()).measureOutside(provider, range, signal),
  };
}

/** Clients of clusters, one for each place, so that what is asked of one shares its budget and its connections. */
export interface Clusters {
  of(place: ClusterPlace): Promise<ClusterClient>;
  close(): Promise<void>;
}

export function clusters(): Clusters {
  const known = new Map<string, Promise<ClusterClient>>();
  const open = async (place: ClusterPlace): Promise<ClusterClient> =>
    (await import('./adapters/kit/kubernetes/cluster-client.ts')).clusterClient(place, systemClock);
  return {
    of: (place) => {
      const name = JSON.stringify([place.context, place.namespace]);
      const client = known.get(name) ?? open(place);
      known.set(name, client);
      return client;
    },
    close: async () => {
      for (const client of known.values()) await client.then((each) => each.close()).catch(() => {});
    },
  };
}

async function worldFor({ service, host, clusters: reached, failpoints }: EngineOptions): Promise<World | null> {
  const { serving } = service;
  if (!serving) return null;
  if (serving.cluster) return reached && watchedWorld(await clusterWorld(service, serving, reached), serving, failpoints);
  return host && watchedWorld(await hostWorld(service, serving, host), serving, failpoints);
}

async function hostWorld(service: Service, serving: HostServing, host: HostClient): Promise<World> {
  return {
    ...(await traffics.proxy(service, host)),
    target: await targets.process(service, serving, host),
    record: (await import('./adapters/record/host.ts')).hostRecord(service.name, host),
  };
}

async function clusterWorld(service: Service, serving: ClusterServing, reached: Clusters): Promise<World> {
  const cluster = await reached.of(serving.cluster);
  const record = await clusterRecordOf(service, cluster);
  const traffic = await clusterTraffic(service, serving.traffic, cluster);
  const target = await targets.deployment(service, serving, cluster, { record, traffic });
  const { uncounted } = await import('./adapters/signal/uncounted.ts');
  const world = { target, traffic, record, signal: uncounted(systemClock) };
  if (serving.traffic.owner !== 'pause') return world;
  const { gitopsOwner } = await import('./adapters/owner/gitops.ts');
  const clientIn = (namespace: string): Promise<ClusterClient> => reached.of({ ...serving.cluster, namespace });
  return { ...world, owner: gitopsOwner(service.name, serving.traffic, cluster, clientIn) };
}

function clusterTraffic(service: Service, traffic: ClusterServing['traffic'], cluster: ClusterClient): Promise<Traffic> {
  switch (traffic.kind) {
    case 'istio':
      return traffics.istio(service, traffic, cluster);
    case 'gateway-api':
      return traffics['gateway-api'](service, traffic, cluster);
    case 'service-selector':
      return traffics['service-selector'](service, traffic, cluster);
  }
}

async function clusterRecordOf({ name }: Service, cluster: ClusterClient): Promise<RecordStore> {
  return (await import('./adapters/record/cluster.ts')).clusterRecord(name, cluster);
}

/** The record beside what serves, without anything else of that world. Null: the place cannot be reached from here. */
export async function recordFor(service: Service, host: HostClient | null, reached: Clusters): Promise<RecordStore | null> {
  const { serving } = service;
  if (serving?.cluster) return clusterRecordOf(service, await reached.of(serving.cluster));
  return host && (await import('./adapters/record/host.ts')).hostRecord(service.name, host);
}

async function watchedWorld(world: World, { signals: { prometheus } }: Serving, failpoints: Failpoints): Promise<World> {
  const judged = prometheus && (await import('./adapters/signal/prometheus-signal.ts')).prometheusSignal(prometheus);
  return {
    // What a step does to target and traffic is watched by the step; a task has no such wrapper.
    target: watched('target', world.target, failpoints, ['retire']),
    traffic: world.traffic,
    signal: watched('signal', world.signal, failpoints),
    ...(judged ? { judged: watched('judged', judged, failpoints) } : {}),
    record: watched('record', world.record, failpoints),
    ...(world.owner ? { owner: watched('owner', world.owner, failpoints) } : {}),
  };
}

export function failpointsFrom(environment: Readonly<Record<string, string | undefined>>): Failpoints {
  return systemFailpoints({ failpoint: environment['SOFARE_FAILPOINT'], trace: environment['SOFARE_FAILPOINT_TRACE'] });
}
