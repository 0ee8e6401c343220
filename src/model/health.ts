/** How the health of a version is asked, as `sofare.yaml` says it. `within` is the longest time to an answer, in ms: a slower one is unhealthy. */
export type Health = HttpHealth | InferenceHealth | TcpHealth | GrpcHealth | CommandHealth | ReadyHealth;

/** Through the traffic path. Without more words the status has to be 200. */
export interface HttpHealth {
  readonly http: string;
  readonly within: number;
  readonly status?: number;
  /** A text that the answer holds. */
  readonly body?: string;
  /** A path of the answer, and what has to stand there; alone: anything. */
  readonly json?: string;
  readonly equals?: string | number | boolean;
}

/** The Open Inference Protocol, through the traffic path: the server is live and ready, and so is this model. */
export interface InferenceHealth {
  readonly inference: string;
  readonly within: number;
}

/** At every ready copy: it takes a connection. */
export interface TcpHealth {
  readonly tcp: true;
  readonly within: number;
}

/** At every ready copy: `grpc.health.v1.Health/Check` of this service (empty: the whole server) says SERVING. */
export interface GrpcHealth {
  readonly grpc: string;
  readonly within: number;
}

/** For every ready copy: a command that ends with 0. The copy's address is in SOFARE_ADDRESS. */
export interface CommandHealth {
  readonly command: readonly string[];
  readonly within: number;
}

/** As the target itself says: every copy that is wanted is ready. */
export interface ReadyHealth {
  readonly ready: true;
  readonly within: number;
}

/** A request with a known answer, that a version has to give before it gets traffic. */
export interface GoldenRequest {
  readonly path: string;
  /** JSON, sent with POST; null: GET. */
  readonly body: string | null;
  readonly json: string;
  readonly equals: string | number | boolean;
  /** How far a number may be off, in its own unit. */
  readonly tolerance: number;
  readonly within: number;
}
