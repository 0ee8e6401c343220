import type { Metric } from '../../model/analysis.ts';
import type { Measured } from './expression/condition.ts';
import * as t from './expression/types.ts';
import { assessMeasurement } from './measurement.ts';

/** Values that a metric may have, beside those that its conditions name. */
const usual = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -1,
  0,
  1e-6,
  0.001,
  0.01,
  0.1,
  0.5,
  0.9,
  0.99,
  1,
  2,
  10,
  100,
  1e3,
  1e6,
  1e9,
];

/** Why a metric can never fail, or never succeed, whatever is measured; null: it can do both as far as samples show. */
export function outlookOf(metric: Metric, background: boolean): string | null {
  // It decides by itself: fails by evidence, passes when enough was seen.
  if (metric.provider.kind === 'sequential') return null;
  if (metric.successCondition === '' && metric.failureCondition === '')
    return 'it has no condition, so whatever is measured is a success';
  const { failureLimit, count, consecutiveSuccessLimit, inconclusiveLimit } = metric;
  const most = count === null || count === 0 ? (metric.interval === null ? 1 : null) : count;
  const phases = phasesOf(metric);
  if (phases === null) return null;
  if (typeof phases === 'string') return `it can never be measured: ${phases}`;
  if (!phases.has('Successful')) return 'it can never pass: no value makes it a success';
  const fails = phases.has('Failed') && failureLimit >= 0 && (most === null || most > failureLimit);
  const undecided = phases.has('Inconclusive') && (most === null || most > inconclusiveLimit);
  if (fails || undecided || consecutiveSuccessLimit > 0) return null;
  if (phases.has('Failed') || phases.has('Inconclusive'))
    return `it can never fail: ${most} measurements cannot fail more often than failureLimit (${failureLimit})${background ? '' : `; count has to be above it`}`;
  return 'it can never fail: no value makes it a failure';
}

/** The phases that sample results lead to; a text where none can be evaluated; null where too little is known of the result. */
function phasesOf(metric: Metric): ReadonlySet<string> | string | null {
  const { provider } = metric;
  if (provider.kind !== 'prometheus') return null;
  const values = samples(metric);
  const scalars = values.map((value): Measured => ({ type: t.float, value }));
  const vectors = [[], ...values.map((value) => [value]), ...values.map((value) => [value, value])].map(
    (value): Measured => ({ type: t.floats, value }),
  );
  const ranges = provider.range === null ? [scalars, vectors] : [vectors];
  const outcomes = ranges.map((results) => results.map((result) => assessMeasurement(result, metric)));
  const sound = outcomes.flat().filter(({ phase }) => phase !== 'Error');
  if (sound.length > 0) return new Set(sound.map(({ phase }) => phase));
  return outcomes.at(-1)?.at(-1)?.message ?? 'nothing is known of it';
}

/** The usual values, the numbers in the conditions, and those just beside them. */
function samples({ successCondition, failureCondition }: Metric): readonly number[] {
  const named = [...`${successCondition} ${failureCondition}`.matchAll(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi)].map(([text]) =>
    Number(text),
  );
  return [...usual, ...named.flatMap((value) => [value, value - 1e-9, value + 1e-9, value * 0.99, value * 1.01])].slice(0, 120);
}
