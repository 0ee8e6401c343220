/** What becomes of one request on its way to the API server. */
export type Fault =
  /** Answered with this status and never passed on. */
  | {
      readonly status: 403 | 404 | 409 | 410 | 422 | 429 | 500 | 503;
      /** Seconds. */
      readonly retryAfter?: number;
      readonly message?: string;
    }
  /** Swallowed: the connection stands, nothing comes, and nothing was done. */
  | 'times out before the effect'
  /** Carried out; the connection stands and no answer comes. */
  | 'times out after the effect'
  /** The connection is reset, and nothing was done. */
  | 'reset before the effect'
  /** Carried out; the connection is reset instead of an answer. */
  | 'reset after the effect'
  /** Carried out; the connection is reset in the middle of the body of the answer. */
  | 'reset in the body'
  /** Carried out as ever, after something else: what another writer does in the moment before. */
  | { readonly first: () => Promise<unknown> }
  | WatchFault;

/** What becomes of the first event of a watch that matches, and of what follows it. */
export interface WatchFault {
  /**
   * `drop`: this event alone is lost. `duplicate`: it comes twice. `hold`: it and all later ones come when `until` is fulfilled, in order.
   * `reset`: the connection is reset instead of it. `expire`: the API server says 410 instead of it, and ends the watch.
   */
  readonly watch: 'drop' | 'duplicate' | 'hold' | 'reset' | 'expire';
  /** Matched against the event as JSON; left out: any. */
  readonly event?: RegExp;
  readonly until?: Promise<unknown>;
}

/** Which requests a fault befalls. */
export interface Rule {
  /** Left out: any. */
  readonly method?: string;
  /** Matched against path and query. */
  readonly path: RegExp;
  /** The first of the matching requests that it befalls; left out: 1. */
  readonly nth?: number;
  /** How many in a row; left out: 1. */
  readonly times?: number;
  readonly fault: Fault;
}

const reasons = {
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  410: 'Expired',
  422: 'Invalid',
  429: 'TooManyRequests',
  500: 'InternalError',
  503: 'ServiceUnavailable',
} as const;

/** The object that an API server says this with. */
export function statusObject(code: keyof typeof reasons, message = 'made up by the faulty proxy', retryAfter?: number) {
  const details = retryAfter === undefined ? {} : { details: { retryAfterSeconds: retryAfter } };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason: reasons[code], code, ...details };
}
