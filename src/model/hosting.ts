import type { CounterLedger, CounterSample } from './counting.ts';
import type { BurstCounts } from './burst-counts.ts';
import type { PairCounts } from './pair-counts.ts';
import type { UnitCounts } from './unit-counts.ts';

/**
 * What the local host and its clients say to each other: JSON over HTTP on a Unix socket.
 * Every request carries `x-sofare-host: 1`; the host answers 426 to any other version.
 * A refusal is `{ problem: Problem }` with status 409 (fence too low, swap lost), 400 (malformed), or 503 (going down).
 */
export const hostProtocol = '1';

/** Version of a service as the host has to run it. */
export interface WantedVersion {
  /** Or the name of fresh copies of it, see model/fresh. */
  readonly version: string;
  readonly bundleDigest: string;
  readonly copies: number;
  /** Command line, never through a shell. */
  readonly command: readonly string[];
  /** Working directory of the command. */
  readonly directory: string;
  /** Environment of the bundle; PORT and the SOFARE_ names are set by the host. */
  readonly environment: Readonly<Record<string, string>>;
  /** Read-only folder with the version's files under their original names. */
  readonly artifacts: string;
}

/** How a service is served; the same for all its versions. Durations in milliseconds. */
export interface ServingPolicy {
  readonly model: string;
  /** `host:port` where the proxy listens; port 0 takes any free one and keeps it over restarts. */
  readonly listen: string;
  /** `host:port` where the counters can be scraped in Prometheus' format. Absent or null: nowhere. */
  readonly metrics?: string | null;
  /** Header, in small letters, that names the user or session: its requests go to one version, and it is counted once. Null: requests are counted. */
  readonly unit?: string | null;
  readonly readiness: { readonly http: string } | { readonly tcp: true };
  /** A copy that is not ready after this long has failed. */
  readonly readyWithin: number;
  readonly identity: { readonly http: string; readonly json: string } | null;
  readonly warmup: {
    readonly requests: number;
    /** What is sent: the first is used when there are fewer than `requests`, in turn. Null: GET of the readiness path. */
    readonly golden: readonly { readonly method: string; readonly path: string; readonly body: string | null }[] | null;
  };
  /** From SIGTERM to SIGKILL, after requests in flight have ended or this long has gone by, whichever is first. */
  readonly stopWithin: number;
  /** JSON path of the answer that labels are compared with, or null where answers are not kept. `wait`: how long. */
  readonly labels: {
    readonly answer: string;
    readonly compare: 'equal' | { readonly within: number };
    readonly wait: number;
    /** Part of the requests, 0 to 1, that the other version is asked too while two have a share, for its answer only. Absent: none. */
    readonly pair?: number;
  } | null;
}

/** POST /services/:service/wanted. Declares; returns at once. Versions that are absent are kept as they are. */
export interface WantRequest {
  readonly fence: number;
  /** Same key, same effect: a repeated request is answered like the first. Begins with the writing operation's name and a slash. */
  readonly key: string;
  readonly policy: ServingPolicy;
  readonly versions: readonly WantedVersion[];
}

/** POST /services/:service/retire: graceful stop of one version. Refused (409) while it has a share. */
export interface RetireRequest {
  readonly fence: number;
  readonly key: string;
  readonly version: string;
}

/** POST /services/:service/weights. Returns when no new request can reach a version without a share. Refused for versions without a ready copy. */
export interface WeightsRequest {
  readonly fence: number;
  readonly key: string;
  readonly weights: Readonly<Record<string, number>>;
  /** An arm is chosen by a hash of this and the request id. */
  readonly seed: string;
}

/** PUT /services/:service/record: compare-and-swap by revision. 409 when the revision differs. */
export interface RecordSwap {
  readonly revision: number;
  readonly value: unknown;
}

/** POST /services/:service/labels, lines of JSON in, this out. */
export interface LabelReceipt {
  readonly scored: number;
  readonly unknown: number;
  readonly duplicate: number;
  readonly late: number;
  readonly malformed: number;
}

/** unready: was ready, and its probes fail; it gets traffic only while its version has no ready copy. */
export type CopyState = 'starting' | 'warming' | 'ready' | 'unready' | 'stopping' | 'exited';

export interface HostedCopy {
  readonly id: string;
  readonly pid: number | null;
  readonly port: number | null;
  readonly state: CopyState;
  readonly identity: string | null;
  readonly restarts: number;
  readonly inFlight: number;
  readonly since: number;
}

export interface HostedVersion {
  readonly version: string;
  readonly bundleDigest: string;
  readonly wanted: number;
  readonly copies: readonly HostedCopy[];
  /** Why the host gave up on this version, or null. */
  readonly failed: string | null;
}

export interface Outage {
  readonly since: number;
  readonly lasted: number;
}

export interface HostedService {
  readonly service: string;
  /** Highest fence seen; lower ones are refused. */
  readonly fence: number;
  /** Grows with every change of this document but for counters. */
  readonly revision: number;
  readonly policy: ServingPolicy | null;
  /** Address clients use, `http://127.0.0.1:8080`, or null while the proxy does not listen. */
  readonly address: string | null;
  /** Set when listening failed: `EADDRINUSE ...`. */
  readonly listenProblem: string | null;
  /** The last time that the host had died and clients had no answer until it was back; absent or null: never. */
  readonly lastOutage?: Outage | null;
  /** Where its counters are scraped, or null. */
  readonly metrics: string | null;
  readonly weights: Readonly<Record<string, number>>;
  readonly versions: readonly HostedVersion[];
}

/** Counts since the service was first served; kept over restarts of the host. All cumulative, so that an interval is a difference. */
export interface ArmCounters {
  /** Answers completed, whatever their status, and requests that got none. */
  readonly requests: number;
  /** Answered by the model with a 5xx. */
  readonly errors: number;
  /** Sent to the model and left without an answer: reset, closed, timed out. */
  readonly unanswered: number;
  /** The client went away before the answer ended; in none of the other counts. Absent in readings that were journalled before it was counted. */
  readonly aborted?: number;
  /** Answers by time to the last byte; entry i counts those at or under `latencyBuckets[i]` ms and over the one before; one more entry for the rest. */
  readonly latency: readonly number[];
  readonly labels: { readonly right: number; readonly wrong: number };
  /** Requests given to the version, whether they have ended or not: what the split is judged by. Absent in readings from before it was counted. */
  readonly sent?: number;
  /** Absent where requests are what is counted. */
  readonly units?: UnitCounts;
  /** Absent in readings from before it was counted. */
  readonly bursts?: BurstCounts;
  /** Copies that ended though nobody had told them to, and that run now. Absent in readings from before it was counted. */
  readonly ended?: number;
  readonly running?: number;
  /** Absent until a request that both versions answered is labelled. */
  readonly pairs?: PairCounts;
}

/** GET /services/:service/counters: both arms at the same instant. */
export interface CountersReading {
  readonly at: number;
  /** Grows by one each time the host starts; a gap tells that up to a second of counts was lost. */
  readonly epoch: number;
  readonly arms: Readonly<Record<string, ArmCounters>>;
  readonly labels: LabelReceipt;
  /** Requests the proxy itself had to answer: no version with a share was ready. */
  readonly refused: number;
  /** Every counter by itself, where a monitoring system was asked and not the traffic path; `arms` are their sums. Nothing of them is consumed yet. */
  readonly samples?: readonly CounterSample[];
  /** What is consumed of such counters. */
  readonly ledger?: CounterLedger;
}

/** Upper edges in milliseconds, about 12 % apart: fine enough that a threshold can be set at an edge. */
export const latencyBuckets: readonly number[] = bucketEdges();

function bucketEdges(): readonly number[] {
  const edges: number[] = [];
  for (let exponent = -20; exponent <= 100; exponent += 1) edges.push(Number((10 ** (exponent / 20)).toPrecision(4)));
  return edges;
}

/** GET /: who answers. */
export interface HostHello {
  readonly protocol: string;
  readonly pid: number;
  readonly epoch: number;
  readonly startedAt: number;
  readonly supervised: boolean;
  /** The database in which it looks for what to carry on, as it may be shown; null: a file of the registry's folder. */
  readonly rows: string | null;
  readonly services: readonly string[];
}
