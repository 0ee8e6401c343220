import type { Header } from './analysis.ts';
import type { GoldenRequest, Health } from './health.ts';
import type { ServingPolicy } from './hosting.ts';

/** One served model in one environment, as configured. Durations in milliseconds, shares in percent, rates as fractions. */
export interface Service {
  readonly name: string;
  readonly model: string;
  /** Null: the implicit service of a registry with nothing served; then only the pointer moves. */
  readonly serving: Serving | null;
  readonly bake: Bake;
  readonly guard: GuardSettings;
  /** What a trigger other than a person or a canary's guard may do. */
  readonly act: 'observe' | 'propose' | 'rollback';
  readonly keep: { readonly knownGood: number; readonly warm: number };
}

/** Where versions run and how requests reach them: on this machine by the local host, or in a cluster. */
export type Serving = HostServing | ClusterServing;

export interface HostServing extends ServingRules {
  readonly cluster?: undefined;
  readonly target: ProcessTarget;
  readonly traffic: ProxyTraffic;
}

export interface ClusterServing extends ServingRules {
  readonly cluster: ClusterPlace;
  readonly target: DeploymentTarget;
  readonly traffic: (IstioTraffic | GatewayTraffic | SelectorTraffic) & {
    /** Before a rollback moves traffic, GitOps controllers that write the same object are paused, until unhold. Absent: named only. */
    readonly owner?: 'pause';
  };
}

/** Which cluster and namespace, in the words of a kubeconfig. */
export interface ClusterPlace {
  /** Null: the current one, or inside of a cluster that cluster. */
  readonly context: string | null;
  /** Null: the one of the context. */
  readonly namespace: string | null;
}

/** What is asked of versions, wherever they run. */
export interface ServingRules {
  readonly identity: { readonly http: string; readonly json: string } | null;
  readonly least: IdentityGrade;
  readonly health: Health;
  /** What a version has to answer before it gets traffic. */
  readonly golden?: readonly GoldenRequest[];
  readonly signals: {
    readonly errors: boolean;
    readonly latency: boolean;
    /** Where versions are judged by what a Prometheus has of them; absent: by what the traffic path counts. */
    readonly prometheus?: PrometheusSignals;
  };
  readonly labels: ServingPolicy['labels'];
}

/** Whether some requests are answered by both versions. */
export function asksBoth(serving: Pick<Serving, 'labels'> | null): boolean {
  return (serving?.labels?.pair ?? 0) > 0;
}

/** Counters that a Prometheus scrapes. */
export interface PrometheusSignals {
  readonly address: string;
  /** Variables of the environment in them are filled in when it is asked. */
  readonly headers: readonly Header[];
  readonly insecure: boolean;
  readonly timeout: number;
  /** Between two looks, in ms: not less than the time between two scrapes. */
  readonly every: number;
  /** Labels that name the service, its version and the process that counted. */
  readonly labels: Readonly<Record<'service' | 'version' | 'instance', string>>;
  /** What the label of the service says. */
  readonly service: string;
  /** Selector of each counter, such as `http_requests_total{code=~"5.."}`; of `latency` that of a histogram's buckets. */
  readonly counters: Readonly<Partial<Record<CounterKind, string>>> & { readonly requests: string; readonly errors: string };
}

/** What is counted of a version. Requests are all that ended; errors those answered with a 5xx, unanswered those not at all. */
export const counterKinds = ['requests', 'errors', 'unanswered', 'right', 'wrong', 'latency'] as const;
export type CounterKind = (typeof counterKinds)[number];

export interface ProcessTarget {
  readonly kind: 'process';
  readonly command: readonly string[];
  /** Absolute: relative ones are taken from where the configuration lies. */
  readonly directory: string;
  readonly copies: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly readiness: ServingPolicy['readiness'];
  readonly readyWithin: number;
  readonly stopWithin: number;
  readonly warmup: ServingPolicy['warmup'];
}

/** Every version a Deployment of its own, made of one template. */
export interface DeploymentTarget {
  readonly kind: 'deployment';
  /** Absolute path of a manifest. */
  readonly template: string;
  /** The container that is the version's; null: the first. */
  readonly container: string | null;
  /** Where a copy answers. */
  readonly port: number;
  readonly copies: number;
  readonly readyWithin: number;
}

export interface ProxyTraffic {
  readonly kind: 'proxy';
  readonly listen: string;
  /** Where its counters can be scraped, or null. */
  readonly metrics: string | null;
  /** Header that names the user or session, in small letters; null: requests are what is counted. */
  readonly unit?: string | null;
}

/** Weights in the HTTP routes of an Istio VirtualService. */
export interface IstioTraffic {
  readonly kind: 'istio';
  readonly virtualService: string;
  /** Names of the routes whose weights are ours; null: every one that leads to a version. */
  readonly routes: readonly string[] | null;
  /** The DestinationRule whose subsets the versions are; null: each version is a Service of its own. */
  readonly destinationRule: string | null;
  /** Where clients send requests, as seen from where sofare runs; null: it cannot be reached from there. */
  readonly address: string | null;
}

/** Weights in the rules of a Gateway API HTTPRoute. */
export interface GatewayTraffic {
  readonly kind: 'gateway-api';
  readonly route: string;
  readonly routes: readonly string[] | null;
  readonly address: string | null;
}

/** Blue-green: the selector of the Service that clients reach. */
export interface SelectorTraffic {
  readonly kind: 'service-selector';
  readonly service: string;
  readonly address: string | null;
}

/** How surely a version was seen behind the endpoint, weakest first. */
export const identityGrades = ['none', 'declared', 'routed', 'answered'] as const;
export type IdentityGrade = (typeof identityGrades)[number];

/** What a version must have carried at 100 % before it counts as known good. */
export interface Bake {
  readonly for: number;
  readonly requests: number;
}

export interface GuardSettings {
  readonly alpha: number;
  readonly tolerate: number;
  readonly deadline: number;
  readonly onUndecided: 'pause' | 'abort';
  readonly limit?: number | null;
  /** Null: as the stable version's errors came before. */
  readonly dispersion?: number | null;
  /** Ends of copies that are allowed, a copy and day. */
  readonly restarts?: number | null;
  /** What the new version is compared with: the copies that serve already, or new ones of the same version. Absent: stable. */
  readonly baseline?: 'stable' | 'fresh';
}

export function reaches(grade: IdentityGrade, least: IdentityGrade): boolean {
  return identityGrades.indexOf(grade) >= identityGrades.indexOf(least);
}
