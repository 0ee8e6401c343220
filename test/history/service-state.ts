/** What a service is, as far as its operators can tell: the whole of it that is believed to change one step at a time. */
export interface ServiceState {
  /** The version that has all traffic; null while it is split. */
  readonly serving: string | null;
  readonly pointer: string | null;
  /** The operation that holds the lane. */
  readonly lane: { readonly id: string; readonly kind: string; readonly to: string } | null;
  readonly held: boolean;
  readonly quarantined: readonly string[];
  /** Counts operations that began; a plan made under another count is stale. */
  readonly begun: number;
  /** The count at which callers looked whose plan then was stale. */
  readonly looked: Readonly<Record<string, number>>;
}

export function resting(version: string): ServiceState {
  return { serving: version, pointer: version, lane: null, held: false, quarantined: [], begun: 0, looked: {} };
}
