/** One rule of a shared object that spreads requests over destinations, as it was read. */
export interface RoutedRule {
  /** Its name, or else its place: `rule 2`. */
  readonly called: string;
  /** JSON pointer to the rule. */
  readonly at: string;
  /** The member of the rule that lists the destinations. */
  readonly list: string;
  /** The whole rule: what a patch of it is made for. */
  readonly seen: unknown;
  readonly destinations: readonly Destination[];
}

export interface Destination {
  /** As people would name it: `fraud-1-2-0`, or `fraud/canary` for a subset. */
  readonly called: string;
  /** Whose share its weight is, as in the weights; null where no version of the service runs. */
  readonly version: string | null;
  /** Its part of the requests among the other destinations, as the router takes it. */
  readonly weight: number;
  /** The weight is written, and not what the router takes for one that is left out. */
  readonly written: boolean;
}
