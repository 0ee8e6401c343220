import type { RolloutPolicy } from '../../model/policy.ts';
import { type Fields, fieldsOf } from './fields.ts';
import { readBlueGreen } from './read-blue-green.ts';
import { type Reading, readCanary } from './read-canary.ts';
import { metadataFields } from './read-template.ts';
import { blueGreenBeside, canaryBeside, refusedInRollout, rolloutBeside } from './refused-fields.ts';

const tenMinutes = 600;
const halfAMinute = 30;

/** A `Rollout`. Null where it has no strategy that can be read. */
export function readRollout(document: Fields, reading: Reading): RolloutPolicy | null {
  const { findings } = reading;
  const metadata = fieldsOf(document.map('metadata'), 'metadata', { read: metadataFields }, findings);
  const known = ['strategy', 'progressDeadlineSeconds', 'progressDeadlineAbort', 'rollbackWindow', ...rolloutBeside];
  const spec = fieldsOf(document.value('spec'), 'spec', { read: known, refused: refusedInRollout }, findings);
  const strategy = fieldsOf(spec?.value('strategy') ?? null, 'strategy', { read: ['canary', 'blueGreen'] }, findings);
  if (!spec || !strategy) {
    findings.error(document.at, 'the rollout has no spec.strategy');
    return null;
  }
  if (strategy.has('canary') === strategy.has('blueGreen')) {
    findings.error(strategy.at, 'strategy has exactly one of canary and blueGreen');
    return null;
  }
  const read = strategy.has('canary')
    ? readCanary(strategy.map('canary'), reading)
    : readBlueGreen(strategy.map('blueGreen'), reading);
  if (!read) return null;
  sayBeside(spec, read.fields, findings);
  const deadline = spec.integer('progressDeadlineSeconds') ?? tenMinutes;
  if (deadline <= 0) findings.error(spec.place('progressDeadlineSeconds'), 'progressDeadlineSeconds is above 0');
  const window = fieldsOf(spec.map('rollbackWindow'), 'rollbackWindow', { read: ['revisions'] }, findings);
  const kept = read.fields.integer('abortScaleDownDelaySeconds') ?? halfAMinute;
  return {
    name: metadata?.text('name') ?? 'rollout',
    strategy: read.policy,
    progressDeadline: deadline * 1_000,
    progressDeadlineAbort: spec.boolean('progressDeadlineAbort') ?? false,
    rollbackWindow: Math.max(0, window?.integer('revisions') ?? 0),
    // To Argo 0 is "never", not "at once".
    keptAfterAbort: kept === 0 ? null : kept * 1_000,
  };
}

/** One note for everything that is about pods and Services of a cluster. */
function sayBeside(spec: Fields, strategy: Fields, findings: Reading['findings']): void {
  const found = [
    ...rolloutBeside.filter((name) => spec.has(name)),
    ...[...canaryBeside, ...blueGreenBeside].filter((name) => strategy.has(name)),
  ];
  if (found.length > 0)
    findings.note(
      spec.at,
      `${found.join(', ')} ${found.length === 1 ? 'is' : 'are'} not read: where and how copies run is the service's to say`,
    );
}
