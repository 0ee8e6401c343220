import assert from 'node:assert/strict';
import { evaluateCondition } from '../../src/detect/analysis/expression/condition.ts';
import { goDuration } from '../../src/detect/analysis/go-duration.ts';
import { matchRules } from '../../src/detect/analysis/metric-rules.ts';
import { type Arguments, mergeArguments, resolveTemplate } from '../../src/detect/analysis/template-arguments.ts';
import { problemOfMetrics } from '../../src/detect/analysis/validate.ts';
import { levels } from './argo-phase.ts';
import { runSchedule } from './argo-schedule.ts';
import { type Fields, isFields, measuredFrom, metricFrom, only } from './argo-values.ts';
import type { CaseResult, Suite } from './suite.ts';

type Kind = (input: Fields, expected: Fields) => void;

/** What Argo Rollouts answers, case by case. */
export const argoAnalysis: Suite = {
  name: 'Argo analysis',
  file: 'argo-analysis.json',
  variable: 'SOFARE_ARGO_CASES',
  run: (document) => {
    if (!isFields(document)) throw new Error('the file does not hold an object');
    only(document, 'about', 'encoding', 'kinds', 'fields', 'rule', 'meta', 'cases');
    if (!Array.isArray(document['cases'])) throw new Error('the file has no cases');
    return document['cases'].map(attempted);
  },
};

function attempted(written: unknown): CaseResult {
  const id = isFields(written) ? String(written['id'] ?? '(no id)') : '(no id)';
  try {
    if (!isFields(written)) throw new Error('it is no object');
    only(written, 'id', 'kind', 'input', 'expected', 'verified', 'note', 'source_test');
    const { kind, input, expected } = written;
    const ran = kinds[String(kind)] ?? assert.fail(`the kind ${String(kind)} is unknown`);
    if (!isFields(input) || !isFields(expected)) throw new Error('it lacks input or expected');
    ran(input, expected);
    return { id, failure: null };
  } catch (error) {
    return { id, failure: error instanceof Error ? error.message : String(error) };
  }
}

const condition: Kind = (input, expected) => {
  only(input, 'result', 'expression');
  only(expected, 'value', 'error');
  const answer = evaluateCondition(measuredFrom(input['result']), String(input['expression']));
  if ('error' in expected) assert.equal(answer.ok, false);
  else assert.deepEqual(answer, { ok: true, value: expected['value'] });
};

const phase: Kind = (input, expected) => {
  const level = levels[String(input['level'])] ?? assert.fail(`the level ${String(input['level'])} is unknown`);
  level(input, expected);
};

/** Errors match on whether there is one, not on its words. */
const validation: Kind = (input, expected) => {
  only(input, 'metrics', 'metricNames', 'dryRun');
  only(expected, 'error', 'dry');
  if (Array.isArray(input['metricNames'])) {
    const found = matchRules('dryRun', (input['dryRun'] ?? []) as readonly string[], input['metricNames'] as readonly string[]);
    assert.equal('error' in found, (expected['error'] ?? null) !== null, JSON.stringify(found));
    if ('dry' in expected && 'matched' in found)
      assert.deepEqual([...found.matched.keys()].sort(), [...(expected['dry'] as string[])].sort());
    return;
  }
  const metrics = ((input['metrics'] ?? []) as readonly Fields[]).map((each) => ({
    ...metricFrom(each),
    providers: String(each['provider'] ?? '')
      .split('+')
      .filter((name) => name !== '').length,
    interval: typeof each['interval'] === 'string' && each['interval'] !== '' ? 1 : null,
    intervalProblem: durationProblem(each['interval']),
    delayProblem: durationProblem(each['initialDelay']),
  }));
  const problem = problemOfMetrics(metrics);
  assert.equal(problem !== null, (expected['error'] ?? null) !== null, `answered ${String(problem)}`);
};

function durationProblem(written: unknown): string | null {
  const read = typeof written === 'string' && written !== '' ? goDuration(written) : 0;
  return typeof read === 'string' ? read : null;
}

const template: Kind = (input, expected) => {
  only(input, 'template', 'args', 'templateArgs', 'incoming');
  only(expected, 'value', 'error', 'args');
  const answer =
    'templateArgs' in input || 'incoming' in input
      ? mergeArguments(argumentsFrom(input['incoming']), argumentsFrom(input['templateArgs']))
      : resolveTemplate(String(input['template']), argumentsFrom(input['args']));
  if ((expected['error'] ?? null) !== null) assert.ok('error' in answer, JSON.stringify(answer));
  else assert.deepEqual({ ...answer }, 'args' in expected ? { args: expected['args'] } : { value: expected['value'] });
};

function argumentsFrom(written: unknown): Arguments {
  return isFields(written) ? (written as Arguments) : {};
}

const kinds: Readonly<Record<string, Kind>> = { condition, phase, validation, template, schedule: runSchedule };
