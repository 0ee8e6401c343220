import type { Metric } from '../../model/analysis.ts';
import { problemOfMetrics, type Validated } from '../../detect/analysis/validate.ts';
import { type Fields, fieldsOf } from './fields.ts';
import type { Findings, Place } from './findings.ts';
import type { Located } from './located.ts';
import { readProvider } from './read-provider.ts';

const read = [
  'name',
  'interval',
  'initialDelay',
  'count',
  'successCondition',
  'failureCondition',
  'failureLimit',
  'inconclusiveLimit',
  'consecutiveErrorLimit',
  'consecutiveSuccessLimit',
  'provider',
];

export interface MetricSettings {
  readonly dryRun: boolean;
  readonly retained: number;
  readonly onNoData: Metric['onNoData'];
  /** In a step or around a promotion a metric has to end; in the background it goes on as long as the steps do. */
  readonly mustEnd: boolean;
  readonly strict: boolean;
}

/** One metric, its arguments filled in. Null where it cannot be read. */
export function readMetric(located: Located, settings: MetricSettings, findings: Findings): Metric | null {
  const fields = fieldsOf(located, 'a metric', { read }, findings);
  if (!fields) return null;
  const name = fields.text('name') ?? '';
  if (name === '') findings.error(fields.at, 'a metric has no name');
  const provider = readProvider(fields.value('provider'), `metric ${name}`, fields.at, findings);
  const limits = readLimits(fields);
  const validated: Validated = { ...limits, name, providers: 1, intervalProblem: null, delayProblem: null };
  const problem = problemOfMetrics([validated]);
  if (problem !== null) findings.error(fields.at, `metric ${name}: ${problem.replace(/^metrics\[0\]: /, '')}`);
  if (!provider) return null;
  const { mustEnd, strict, ...kept } = settings;
  const endless = mustEnd && limits.interval !== null && (limits.count ?? 0) === 0 && limits.consecutiveSuccessLimit === 0;
  if (endless) sayEndless(name, limits.failureLimit, fields.place('interval'), strict, findings);
  return {
    ...limits,
    ...kept,
    name,
    provider,
    count: endless ? limits.failureLimit + 1 : limits.count,
    successCondition: fields.text('successCondition') ?? '',
    failureCondition: fields.text('failureCondition') ?? '',
  };
}

function readLimits(fields: Fields) {
  return {
    interval: fields.duration('interval'),
    initialDelay: fields.duration('initialDelay'),
    count: fields.integer('count'),
    failureLimit: fields.integer('failureLimit') ?? 0,
    inconclusiveLimit: fields.integer('inconclusiveLimit') ?? 0,
    consecutiveErrorLimit: fields.integer('consecutiveErrorLimit') ?? 4,
    consecutiveSuccessLimit: fields.integer('consecutiveSuccessLimit') ?? 0,
  };
}

/** Argo refuses such a metric in a step, as it would never end. It is meant to be looked at until it can have failed. */
function sayEndless(name: string, failureLimit: number, at: Place, strict: boolean, findings: Findings): void {
  const what = `metric ${name} has an interval but no count, so in a step it never ends, and Argo refuses it`;
  if (strict) findings.error(at, what);
  else findings.warning(at, `${what}; count: ${failureLimit + 1} is taken, one more than failureLimit`);
}
