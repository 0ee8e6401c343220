import type { CounterLedger, CounterSample } from '../../model/counting.ts';

export type Arm = 'canary' | 'baseline';

/** The two versions that are compared. */
export type Compared = Readonly<Record<Arm, string>>;

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
  | {
      readonly kind: 'open';
      readonly why: 'empty' | 'one side missing' | 'nothing new' | 'stale' | 'not a number';
      readonly arm: Arm | null;
    };

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
 * Closes the interval from the last one's end to `to` for both versions at once, or for neither: where one of them has nothing new or nothing
 * fresh the interval stays open and later reaches further. From raw values, never from rates: a process one of whose counters fell began all of them again at zero. What
 * arrives late, of a time that is closed already, falls into this interval; nothing that was closed is ever rewritten. A sample of after
 * `to` waits for the next.
 */
export function closeInterval(
  ledger: CounterLedger,
  samples: readonly CounterSample[],
  to: number,
  { compared, staleAfter }: { readonly compared: Compared; readonly staleAfter: number },
): { readonly ledger: CounterLedger; readonly closing: Closing } {
  const open = (why: Extract<Closing, { kind: 'open' }>['why'], arm: Arm | null) => ({
    ledger,
    closing: { kind: 'open', why, arm } as const,
  });
  const { canary, baseline } = compared;
  const due = samples.filter(({ at, version }) => at <= to && (version === canary || version === baseline));
  if (to <= ledger.until) return open('nothing new', null);
  if (due.length === 0) return open('empty', null);
  for (const arm of arms) {
    const own = due.filter((sample) => sample.version === compared[arm]);
    const requests = own.filter(({ kind }) => kind === 'requests');
    if (requests.length === 0) return open('one side missing', arm);
    // Left out, errors that are no number would be no errors.
    if (!own.every(isCount)) return open('not a number', arm);
    if (requests.every(({ at }) => at < to - staleAfter)) return open('stale', arm);
    if (!requests.some(({ series, at }) => isNewer(ledger, series, at))) return open('nothing new', arm);
  }
  const series = { ...ledger.series };
  const again = new Set(
    due
      .filter(({ series: id, at, value }) => isNewer(ledger, id, at) && value < (ledger.series[id]?.value ?? 0))
      .map(({ instance }) => instance),
  );
  const sums: Record<Arm, Record<string, number>> = { canary: {}, baseline: {} };
  let [resets, appeared] = [0, 0];
  for (const sample of due) {
    if (!isNewer({ series }, sample.series, sample.at)) continue;
    const known = series[sample.series];
    const before = known && again.has(sample.instance) ? { value: 0 } : known;
    series[sample.series] = { value: sample.value, at: sample.at };
    if (!known) appeared += 1;
    else if (sample.value < known.value) resets += 1;
    const sum = sums[sample.version === compared.canary ? 'canary' : 'baseline'];
    sum[sample.kind] = (sum[sample.kind] ?? 0) + grown(sample, before, ledger);
  }
  const instances = [...new Set([...ledger.instances, ...due.map(({ instance }) => instance)])];
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
  if (before) return value - before.value;
  const fromZero = instances.includes(instance) || (createdAt !== undefined && createdAt >= begun);
  return fromZero ? value : 0;
}

function isNewer({ series }: Pick<CounterLedger, 'series'>, id: string, at: number): boolean {
  return at > (series[id]?.at ?? Number.NEGATIVE_INFINITY);
}

/** A mark of staleness is NaN; a counter is never negative. */
function isCount({ value, at }: CounterSample): boolean {
  return Number.isFinite(value) && value >= 0 && Number.isFinite(at);
}
