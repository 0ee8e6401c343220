/** What a measurement, a metric or a whole run came to. */
export type AnalysisPhase = 'Pending' | 'Running' | 'Successful' | 'Failed' | 'Error' | 'Inconclusive';

/** One metric of an analysis, its arguments filled in. Durations in milliseconds; null where nothing was said. */
export interface Metric {
  readonly name: string;
  readonly interval: number | null;
  readonly initialDelay: number | null;
  readonly count: number | null;
  readonly successCondition: string;
  readonly failureCondition: string;
  /** Failed when more measurements failed than this, in all; -1: never. */
  readonly failureLimit: number;
  readonly inconclusiveLimit: number;
  readonly consecutiveErrorLimit: number;
  /** Successful as soon as so many in a row were; 0: off. */
  readonly consecutiveSuccessLimit: number;
  readonly provider: MetricProvider;
  readonly dryRun: boolean;
  /** Measurements that are kept. */
  readonly retained: number;
  /** What a measurement without any data is, where Argo leaves it to the condition. Null: as Argo does. */
  readonly onNoData: 'wait' | 'inconclusive' | 'fail' | null;
}

export type MetricProvider =
  | {
      readonly kind: 'prometheus';
      readonly address: string;
      readonly query: string;
      readonly range: { readonly start: string; readonly end: string; readonly step: number } | null;
      readonly timeout: number;
      readonly insecure: boolean;
      readonly headers: readonly Header[];
    }
  | {
      readonly kind: 'web';
      readonly url: string;
      readonly method: 'GET' | 'POST' | 'PUT';
      readonly headers: readonly Header[];
      readonly body: string | null;
      readonly jsonPath: string;
      readonly timeout: number;
      readonly insecure: boolean;
    }
  | { readonly kind: 'command'; readonly command: readonly string[]; readonly jsonPath: string; readonly timeout: number }
  /** What the traffic path counted of both versions since the last measurement; with fewer requests than `least` of either there is no data. */
  | { readonly kind: 'proxy'; readonly least: number }
  /** The guard's judgement of both versions, by what the traffic path counts: one measurement that lasts until it is decided. */
  | {
      readonly kind: 'sequential';
      readonly alpha: number;
      readonly tolerate: number;
      readonly limit: number | null;
      /** Null: as the stable version's errors came before. */
      readonly dispersion: number | null;
      /** Ends of copies that are allowed, a copy and day; null: the stable version is compared with. */
      readonly restarts: number | null;
      /** A pass means that a rise by this ratio would most likely have been seen. */
      readonly detect: number;
      /** Longest time to a decision; then the measurement is inconclusive. */
      readonly deadline: number;
      /** Between two looks. */
      readonly every: number;
      readonly baseline: 'stable' | 'fresh';
    };

export interface Header {
  readonly key: string;
  readonly value: string;
}

/** What a provider found. Absent data is told apart: a source that failed, and one that answered with nothing. */
export type MetricReading =
  | { readonly kind: 'scalar'; readonly value: number; readonly warnings: readonly string[] }
  | { readonly kind: 'vector'; readonly values: readonly number[]; readonly warnings: readonly string[] }
  | { readonly kind: 'json'; readonly document: unknown }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'failed'; readonly why: string };

export interface Measurement {
  readonly phase: AnalysisPhase;
  /** As it came, shortened; never a secret. */
  readonly value: string;
  readonly message: string;
  readonly startedAt: number;
  /** Null while it is in flight. */
  readonly finishedAt: number | null;
  readonly resumeAt: number | null;
}

export interface MetricCounters {
  readonly count: number;
  readonly successful: number;
  readonly failed: number;
  readonly inconclusive: number;
  readonly error: number;
  readonly consecutiveError: number;
  readonly consecutiveSuccess: number;
}

export interface MetricResult extends MetricCounters {
  readonly name: string;
  readonly phase: AnalysisPhase;
  readonly dryRun: boolean;
  readonly message: string;
  readonly measurements: readonly Measurement[];
}

/** A run of an analysis, as far as it has come: plain data, so that a successor goes on with it. */
export interface AnalysisRun {
  readonly phase: AnalysisPhase;
  readonly message: string;
  readonly startedAt: number;
  readonly results: readonly MetricResult[];
}

export function isComplete(phase: AnalysisPhase): boolean {
  return phase !== 'Pending' && phase !== 'Running';
}
