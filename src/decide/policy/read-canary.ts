import type { CanaryPolicy, PolicyStep } from '../../model/policy.ts';
import { type Fields, fieldsOf, pauseDuration } from './fields.ts';
import type { Findings } from './findings.ts';
import type { Located } from './located.ts';
import { type PolicyVersions, readAnalysis } from './read-analysis.ts';
import { resolveAnalysis } from './resolve-analysis.ts';
import type { Template } from './read-template.ts';
import { canaryBeside, refusedInCanary, refusedSteps } from './refused-fields.ts';

export interface Reading {
  readonly templates: readonly Template[];
  readonly versions: PolicyVersions;
  readonly strict: boolean;
  readonly findings: Findings;
}

/** `strategy.canary`. */
export function readCanary(located: Located | null, reading: Reading): { policy: CanaryPolicy; fields: Fields } | null {
  const { findings, strict } = reading;
  const read = ['steps', 'analysis', 'autoPromotionEnabled', 'abortScaleDownDelaySeconds', ...canaryBeside];
  const fields = fieldsOf(located, 'canary', { read, refused: refusedInCanary }, findings);
  if (!fields) return null;
  const automatic = fields.boolean('autoPromotionEnabled');
  if (automatic !== null) {
    const what = 'autoPromotionEnabled is a field of blueGreen; Argo drops it from canary without a word';
    if (strict) findings.error(fields.place('autoPromotionEnabled'), what);
    else if (!automatic)
      findings.warning(
        fields.place('autoPromotionEnabled'),
        `${what}; it is honoured here: after the last step the version waits for promote`,
      );
    else findings.warning(fields.place('autoPromotionEnabled'), `${what}; true is what canary does anyway`);
  }
  const steps = fields.list('steps').flatMap((item) => readStep(item, reading));
  if (steps.length === 0) findings.warning(fields.at, 'canary has no steps: the version gets all traffic when it is ready');
  const background = fields.has('analysis') ? readBackground(fields.map('analysis'), steps.length, reading) : null;
  return { policy: { kind: 'canary', steps, background, finalGate: automatic === false }, fields };
}

function readBackground(located: Located | null, steps: number, reading: Reading): CanaryPolicy['background'] {
  const written = readAnalysis(located, ['startingStep'], false, reading.versions, reading.findings);
  if (!written) return null;
  const fields = fieldsOf(
    located,
    'analysis',
    { read: ['startingStep', 'templates', 'args', 'dryRun', 'measurementRetention'] },
    reading.findings,
  );
  const startingStep = fields?.integer('startingStep') ?? 0;
  if (startingStep < 0 || startingStep >= Math.max(1, steps))
    reading.findings.error(
      fields?.place('startingStep') ?? written.at,
      `startingStep is ${startingStep}, and there are ${steps} steps`,
    );
  return { startingStep, analysis: resolveAnalysis(written, reading.templates, reading.strict, reading.findings) };
}

function readStep(located: Located, reading: Reading): readonly PolicyStep[] {
  const { findings } = reading;
  const known = ['setWeight', 'pause', 'analysis', 'setCanaryScale'];
  const fields = fieldsOf(located, 'a step', { read: known, refused: refusedSteps }, findings);
  if (!fields) return [];
  const named = known.filter((name) => located.kind === 'map' && located.fields.has(name));
  if (named.length !== 1) {
    if (named.length > 1) findings.error(fields.at, `a step does one thing; this one has ${named.join(' and ')}`);
    else if (![...Object.keys(refusedSteps)].some((name) => fields.has(name)))
      findings.error(fields.at, `a step has one of ${known.join(', ')}`);
    return [];
  }
  switch (named[0]) {
    case 'setWeight': {
      const weight = fields.integer('setWeight');
      if (weight === null || weight < 0 || weight > 100) findings.error(fields.at, 'setWeight is from 0 to 100');
      return weight === null ? [] : [{ kind: 'setWeight', weight }];
    }
    case 'pause':
      return readPause(fields, findings);
    case 'analysis': {
      const written = readAnalysis(fields.map('analysis'), [], true, reading.versions, findings);
      return written
        ? [{ kind: 'analysis', analysis: resolveAnalysis(written, reading.templates, reading.strict, findings) }]
        : [];
    }
    default:
      return readScale(fields, findings);
  }
}

/** `{}` and nothing wait for a person. */
function readPause(fields: Fields, findings: Findings): readonly PolicyStep[] {
  const pause = fieldsOf(fields.map('pause'), 'pause', { read: ['duration'] }, findings);
  const duration = pause?.value('duration') ?? null;
  if (!duration) return [{ kind: 'pause', for: null }];
  const read = pauseDuration(duration);
  if (read === null) findings.error(duration, 'duration is a number of seconds, or a text such as 30, 30s, 5m or 1h');
  return read === null ? [] : [{ kind: 'pause', for: read }];
}

function readScale(fields: Fields, findings: Findings): readonly PolicyStep[] {
  const scale = fieldsOf(
    fields.map('setCanaryScale'),
    'setCanaryScale',
    { read: ['replicas', 'weight', 'matchTrafficWeight'] },
    findings,
  );
  const [copies, percent, match] = [
    scale?.integer('replicas') ?? null,
    scale?.integer('weight') ?? null,
    scale?.boolean('matchTrafficWeight'),
  ];
  if ([copies, percent, match ?? null].filter((each) => each !== null).length !== 1 || (copies ?? 1) < 0 || (percent ?? 1) < 0)
    findings.error(fields.at, 'setCanaryScale has one of replicas, weight and matchTrafficWeight');
  return [{ kind: 'setCanaryScale', copies, percent }];
}
