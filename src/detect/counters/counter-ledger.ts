/** Newest value of one counter as a monitoring system tells it. Times in ms. */
export interface CounterSample {
  /** All its labels, so that it is told from every other. */
  readonly series: string;
  /** The process that exports it. */
  readonly instance: string;
  readonly arm: Arm;
  /** What it counts: `requests` and whatever is judged beside it. */
  readonly kind: string;
  readonly at: number;
  readonly value: number;
  /** When its process began to count, where that is known. */
  readonly createdAt?: number;
}

export type Arm = 'canary' | 'baseline';

/** What every counter had when the last interval was closed: plain data, committed with the interval that was made from it. */
export interface CounterLedger {
  readonly begun: number;
  /** End of the last closed interval. */
  readonly until: number;
  readonly series: Readonly<Record<string, { readonly value: number; readonly at: number }>>;
  readonly instances: readonly string[];
}

/** Counts of both versions over one closed interval, or why there are none yet. */
export type Closing =
  | {
      readonly kind: 'closed';
      readonly from: number;
      readonly to: number;
      readonly arms: Readonly<Record<Arm, Readonly<Record<string, number>>>>;
      /** Counters that began again, and series that were seen first. */
      readonly resets: number;
      readonly appeared: number;
    }
  | { readonly kind: 'open'; readonly why: 'empty' | 'one side missing' | 'stale' | 'not a number'; readonly arm: Arm | null };

/** Where counting begins: what there was before is nobody's. */
export function beginLedger(samples: readonly CounterSample[], at: number): CounterLedger {
  const known = samples.filter((sample) => isCount(sample) && sample.at <= at);
  return {
    begun: at,
    until: at,
    series: Object.fromEntries(known.map(({ series, value, at: seen }) => [series, { value, at: seen }])),
    instances: [...new Set(known.map(({ instance }) => instance))],
  };
}

const arms: readonly Arm[] = ['canary', 'baseline'];

/**
 * Closes the interval from the last one's end to `to` for both versions at once, or for neither: where one of them has nothing fresh the
 * interval stays open and later reaches further. From raw values, never from rates: a counter that fell began again at zero. What
 * arrives late, of a time that is closed already, falls into this interval; nothing that was closed is ever rewritten. A sample of after
 * `to` waits for the next.
 */
export function closeInterval(
  ledger: CounterLedger,
  samples: readonly CounterSample[],
  to: number,
  { staleAfter }: { readonly staleAfter: number },
): { readonly ledger: CounterLedger; readonly closing: Closing } {
  const open = (why: Extract<Closing, { kind: 'open' }>['why'], arm: Arm | null) => ({
    ledger,
    closing: { kind: 'open', why, arm } as const,
  });
  const due = samples.filter(({ at }) => at <= to);
  if (to <= ledger.until || due.length === 0) return open('empty', null);
  for (const arm of arms) {
    const own = due.filter((sample) => sample.arm === arm && sample.kind === 'requests');
    if (own.length === 0) return open('one side missing', arm);
    const sound = own.filter(isCount);
    if (sound.length === 0) return open('not a number', arm);
    if (sound.every(({ at }) => at < to - staleAfter)) return open('stale', arm);
  }
  const series = { ...ledger.series };
  const sums: Record<Arm, Record<string, number>> = { canary: {}, baseline: {} };
  let [resets, appeared] = [0, 0];
  for (const sample of due.filter(isCount)) {
    const before = series[sample.series];
    if (before && sample.at <= before.at) continue;
    series[sample.series] = { value: sample.value, at: sample.at };
    if (!before) appeared += 1;
    else if (sample.value < before.value) resets += 1;
    const sum = sums[sample.arm];
    sum[sample.kind] = (sum[sample.kind] ?? 0) + grown(sample, before, ledger);
  }
  const instances = [...new Set([...ledger.instances, ...due.filter(isCount).map(({ instance }) => instance)])];
  return {
    ledger: { ...ledger, until: to, series, instances },
    closing: { kind: 'closed', from: ledger.until, to, arms: sums, resets, appeared },
  };
}

/**
 * What a counter gained. One that is seen first has counted from zero if its process was known before (an error that never happened is
 * exported by nobody) or began after we did; else what it holds is from before our time, or from while it could not be seen.
 */
function grown(
  { value, instance, createdAt }: CounterSample,
  before: { readonly value: number } | undefined,
  { begun, instances }: CounterLedger,
): number {
  if (before) return value < before.value ? value : value - before.value;
  const fromZero = instances.includes(instance) || (createdAt !== undefined && createdAt >= begun);
  return fromZero ? value : 0;
}

/** A mark of staleness is NaN; a counter is never negative. */
function isCount({ value, at }: CounterSample): boolean {
  return Number.isFinite(value) && value >= 0 && Number.isFinite(at);
}
