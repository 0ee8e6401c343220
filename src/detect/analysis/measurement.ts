import type { AnalysisPhase, Metric, MetricReading } from '../../model/analysis.ts';
import { evaluateCondition, type Measured } from './expression/condition.ts';
import { goFixed, measuredOf } from './measured.ts';

type Conditions = Pick<Metric, 'successCondition' | 'failureCondition'>;

export interface Assessment {
  readonly phase: AnalysisPhase;
  readonly message: string;
}

/** What a result comes to under a metric's conditions: failure wins over success, and an error in either is an error. */
export function assessMeasurement(result: Measured, { successCondition, failureCondition }: Conditions): Assessment {
  const asked = (which: string, condition: string): boolean | Assessment | null => {
    if (condition === '') return null;
    const answer = evaluateCondition(result, condition);
    if (answer.ok) return answer.value;
    const empty = Array.isArray(result.value) ? result.value.length === 0 : result.value === null;
    const because = empty ? `metric result is nil or empty: ${answer.error}` : answer.error;
    return { phase: 'Error', message: `could not evaluate ${which} "${condition}": ${because}` };
  };
  const success = asked('successCondition', successCondition);
  if (isAssessment(success)) return success;
  const failure = asked('failureCondition', failureCondition);
  if (isAssessment(failure)) return failure;
  return { phase: phaseOf(success, failure), message: '' };
}

/** Without a condition of one kind, the other is turned round; without any, whatever was measured is a success. */
function phaseOf(success: boolean | null, failure: boolean | null): AnalysisPhase {
  const failed = failure ?? (success === null ? false : !success);
  const succeeded = success ?? !failed;
  if (failed) return 'Failed';
  return succeeded ? 'Successful' : 'Inconclusive';
}

function isAssessment(value: boolean | Assessment | null): value is Assessment {
  return typeof value === 'object' && value !== null;
}

/** A reading, assessed; with the value as it is shown. */
export function assessReading(
  reading: MetricReading,
  metric: Conditions & Pick<Metric, 'onNoData'>,
): Assessment & { readonly value: string } {
  if (reading.kind === 'failed') return { ...absent(metric, reading.why), value: '' };
  // Argo takes an answer that is not JSON for a success, whatever the conditions are.
  if (reading.kind === 'text') return { phase: 'Successful', message: '', value: reading.text.slice(0, 200) };
  const value = shown(reading);
  const numbers = reading.kind === 'vector' ? reading.values : reading.kind === 'scalar' ? [reading.value] : null;
  if (metric.onNoData !== null && numbers?.every((each) => !Number.isFinite(each)))
    return { ...absent(metric, numbers.length === 0 ? 'no series' : `no number: ${value}`), value };
  return { ...assessMeasurement(measuredOf(reading), metric), value };
}

/** Data that is not there is an error to Argo. Where the policy says so, it is waited for, inconclusive or a failure instead. */
function absent({ onNoData }: Pick<Metric, 'onNoData'>, why: string): Assessment {
  switch (onNoData) {
    case 'inconclusive':
      return { phase: 'Inconclusive', message: `no data: ${why}` };
    case 'fail':
      return { phase: 'Failed', message: `no data: ${why}` };
    case 'wait':
      return { phase: 'Pending', message: `no data: ${why}` };
    case null:
      return { phase: 'Error', message: why };
  }
}

function shown(reading: Exclude<MetricReading, { kind: 'failed' | 'text' }>): string {
  const text =
    reading.kind === 'scalar'
      ? goFixed(reading.value)
      : reading.kind === 'vector'
        ? `[${reading.values.map(goFixed).join(',')}]`
        : JSON.stringify(reading.document);
  return (text ?? '').length > 200 ? `${text.slice(0, 197)}...` : text;
}
