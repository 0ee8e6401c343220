import { compareVersions } from '../../src/registry/compare.ts';
import { generateChangelog } from '../../src/registry/changelog.ts';
import type { Problem } from '../../src/model/errors.ts';
import { changelogDocument, changelogText } from '../../src/report/changelog.ts';
import { compareDocument, compareText } from '../../src/report/compare.ts';
import { currentDocument, currentText, previousDocument, previousText } from '../../src/report/current.ts';
import { backView } from '../../src/report/back.ts';
import { historyDocument, historyView } from '../../src/report/history.ts';
import { historyText } from '../../src/report/history-text.ts';
import { hostedDocument, hostedText } from '../../src/report/hosted.ts';
import { labelsDocument, labelsText } from '../../src/report/labels.ts';
import { operationDocument, operationLines } from '../../src/report/operation.ts';
import { outcomeDocument, outcomeText, outcomeView } from '../../src/report/outcome.ts';
import type { Paper } from '../../src/report/paper.ts';
import { planDocument, type PlanOptions, planText, planView } from '../../src/report/plan.ts';
import { policyLintDocument, policyLintText } from '../../src/report/policy-lint.ts';
import { problemDocument, problemText, problemView } from '../../src/report/problem.ts';
import { type OperationProgress, progressOf } from '../../src/report/progress.ts';
import { replayDocument, replayText } from '../../src/report/replay.ts';
import { showDocument, showText } from '../../src/report/show.ts';
import { statusDocument, statusView } from '../../src/report/status.ts';
import { statusText } from '../../src/report/status-text.ts';
import { recoveredDocument, recoveredText } from '../../src/report/recovered.ts';
import { tasksDocument, tasksText } from '../../src/report/tasks.ts';
import { versionsDocument, versionsText, versionView } from '../../src/report/versions.ts';
import { guardTold, verdict } from './sample-guard.ts';
import { recordedRun, replayedRun } from './sample-replay.ts';
import {
  declaredService,
  deployPlan,
  freshPlan,
  pointerPlan,
  rollbackPlan,
  rollbackTold,
  service,
  start,
  type Told,
} from './sample-operations.ts';
import {
  deployInterrupted,
  downInput,
  emptyInput,
  events,
  freshInput,
  hosted,
  interruptedInput,
  operation,
  othersWriteInput,
  situation,
  statusInput,
  version,
} from './sample-service.ts';

/** One screen, printed on any paper, and as JSON; `data` is what the JSON has to say. */
export interface SampleScreen {
  readonly text: (paper: Paper) => string;
  readonly json: string;
}

/** Changes what the samples are made of, so that a test can put anything where a text of foreign origin stands. */
export type Change = <Value>(value: Value) => Value;

const problem: Problem = {
  code: 'lane.taken',
  what: 'operation q81mva (deploy 1.2.0 to 1.3.0, by ana) runs now',
  why: 'one operation at a time holds the lane of a service',
  touched: 'no',
  next: 'sofare status fraud-scorer -w',
};

const state = '/srv/fraud/.sofare (found upward from /srv/fraud)';

export function progressAfter(told: readonly Told[], until: number, change: Change = (value) => value): OperationProgress {
  const journal = told.filter(([after]) => after <= until).map(([after, event]) => ({ at: start + after, event: change(event) }));
  const progress = progressOf('7f3kxz', journal);
  if (progress === null) throw new Error('the sample tells an illegal story');
  return progress;
}

/** Every screen there is, in the states that look different. */
export function sampleScreens(change: Change = (value) => value): Readonly<Record<string, SampleScreen>> {
  const seen = {
    pointer: '1.3.0',
    quarantined: situation.quarantined,
    tenures: situation.tenures,
    knownGood: (tenure: { readonly version: string }) => tenure.version === '1.2.0',
  };
  const versions = ['1.3.0', '1.2.1', '1.2.0', '1.1.0'].map((name) =>
    version(name, name === '1.3.0' ? { status: 'candidate', metrics: { auc: 0.9401, brier: 0.081 }, releasedAt: null } : {}),
  );
  const views = versions.map((each) => versionView(change(each), change(seen)));
  const comparison = change(
    compareVersions(
      version('1.2.0'),
      version('1.3.0', { metrics: { auc: 0.9401, brier: 0.09, lift: 2 }, parameters: { depth: 8 } }),
    ),
  );
  const markdown = change(generateChangelog('fraud', versions));
  const tasks = change([
    { id: 4, service: 'fraud-scorer', task: { kind: 'retire' as const, version: '1.3.0' }, due: start + 3_540_000, attempts: 0 },
    {
      id: 5,
      service: 'fraud-scorer',
      task: { kind: 'bake' as const, version: '1.2.0', operation: '7f3kxz' },
      due: start - 5_000,
      attempts: 2,
    },
  ]);
  const reports = change([
    { task: tasks[0] as (typeof tasks)[number], end: { kind: 'over' as const, note: '1.3.0 is retired' } },
    {
      task: tasks[1] as (typeof tasks)[number],
      end: { kind: 'again' as const, in: 60_000, note: '1.2.0 answered 20 requests at 100 %, fewer than the 1000 of its bake' },
    },
    {
      task: { id: 6, service: 'fraud-scorer', task: { kind: 'backup' as const }, due: start, attempts: 1 },
      end: { kind: 'failed' as const, problem: { ...problem, code: 'registry.full' as const, what: 'no space is left' } },
    },
  ]);
  const recovered = change([
    { operation: '7f3kxz', service: 'fraud-scorer', end: { kind: 'ran' as const, operation: operation(), by: null } },
    { operation: 'b5n0ty', service: 'fraud-scorer', end: { kind: 'failed' as const, problem } },
  ]);
  const choice = statusInput.choice as NonNullable<typeof statusInput.choice>;
  const back = backView(change({ choice, tenures: situation.tenures, readyCopies: 1, expectedSafe: 412, now: start }));
  const shown = {
    seen: views[1] as (typeof views)[number],
    version: change(version('1.2.1')),
    changes: change([{ at: start - 8_000_000, change: 'release' as const, actor: 'bake', reason: 'the bake at 100 % passed' }]),
    tenures: change(situation.tenures.slice(1, 2)),
    damage: change(['model/weights.bin is missing']),
  };
  const history = historyView({
    ...change({
      service: 'fraud-scorer',
      served: true,
      operations: [
        operation(),
        deployInterrupted,
        operation({ id: 'b5n0ty', kind: 'abort', actor: 'guard', createdAt: start - 259_200_000, reason: verdict.because }),
      ],
      events,
      tenures: situation.tenures,
      limit: 20,
    }),
    knownGood: (tenure) => tenure.version.startsWith('1.2.0'),
    interrupted: (each) => each.state === 'running',
  });
  const receipt = { scored: 12_410, unknown: 3, duplicate: 0, late: 41, malformed: 1 };
  const host = change({
    host: {
      protocol: '1',
      pid: 4000,
      epoch: 2,
      startedAt: start - 7_200_000,
      supervised: true,
      rows: null,
      services: ['fraud-scorer'],
    },
    services: [hosted, { ...hosted, service: 'other', versions: [], listenProblem: 'EADDRINUSE 127.0.0.1:8081' }],
  });

  const plan = (
    of: typeof rollbackPlan,
    options: { readonly file?: string; readonly flags?: readonly string[]; readonly of?: PlanOptions['service'] } = {},
  ): SampleScreen => {
    const view = planView(change(of), {
      service: options.of ?? service,
      state: change(state),
      file: change(options.file ?? null),
      flags: options.flags ?? [],
    });
    return { text: (paper) => planText(view, paper), json: planDocument(view) };
  };
  const running = (told: readonly Told[], until: number): SampleScreen => {
    const progress = progressAfter(told, until, change);
    return {
      text: (paper) => `${operationLines(progress, { ...paper, now: start + until }).join('\n')}\n`,
      json: operationDocument(progress),
    };
  };
  const ended = (outcome: Parameters<typeof outcomeView>[0], options: Parameters<typeof outcomeView>[1] = {}): SampleScreen => {
    const view = outcomeView(change(outcome), change(options));
    return { text: (paper) => outcomeText(view, paper), json: outcomeDocument(view) };
  };
  const status = (...inputs: readonly (typeof statusInput)[]): SampleScreen => {
    const all = inputs.map((input) => statusView({ ...change(input), flags: input.flags ?? [] }));
    return { text: (paper) => statusText(all, paper), json: statusDocument(all) };
  };
  const abort = operation({
    kind: 'abort',
    actor: 'guard',
    reason: verdict.because,
    trigger: { kind: 'guard', operation: 'q81mva', decision: verdict },
    plan: { ...rollbackPlan, kind: 'abort', planned: deployPlan.planned },
  });
  const stuck: Problem = {
    code: 'foreign-change',
    what: 'somebody else changed what operation 7f3kxz owns',
    why: 'read {"1.1.0":100}, which is neither what was there before nor what is wanted',
    touched: 'yes',
    next: 'sofare resume 7f3kxz',
  };

  const lint = change({
    file: 'policy.yaml',
    strict: false,
    findings: [
      { level: 'warning' as const, line: 23, column: 7, what: 'autoPromotionEnabled is a field of blueGreen' },
      {
        level: 'error' as const,
        line: 33,
        column: 9,
        what: 'a metric has no field sucessCondition; did you mean successCondition?',
      },
    ],
    estimates: [
      { weight: 10, lasts: 480_000, requests: 480, rise: 3.52 },
      { weight: 50, lasts: 0, requests: 0, rise: null },
    ],
    traffic: { perSecond: 10, errorRate: 0.01 },
  });

  return {
    'policy-lint': { text: (paper) => policyLintText(lint, paper), json: policyLintDocument(lint) },
    'plan-rollback': plan(rollbackPlan, { file: 'plan.json' }),
    'plan-deploy': plan(deployPlan),
    'plan-deploy-declared': plan(deployPlan, { of: declaredService }),
    'plan-deploy-fresh': plan(freshPlan),
    'plan-pointer': plan(pointerPlan, {
      flags: ['--model', 'fraud', '--registry', '/srv/fraud/registry'],
      of: { ...service, serving: null },
    }),
    'operation-begun': running(rollbackTold, 420),
    'operation-ended': running(rollbackTold, 2_900),
    'operation-guarded': running(guardTold, 13_800),
    'operation-decided': running(guardTold, 13_801),
    'operation-stuck': running([...rollbackTold.slice(0, 6), [1_900, { kind: 'stuck', problem: stuck }]], 1_900),
    'operation-resumed': running(
      [
        ...rollbackTold.slice(0, 6),
        [600_000, { kind: 'claimed', owner: 'host/boot/2/2', fence: 9, because: 'its owner is gone' }],
      ],
      600_400,
    ),
    'outcome-rollback': ended(
      { kind: 'ran', operation: operation(), by: null },
      { progress: progressAfter(rollbackTold, 2_900), incident: 'INC-12' },
    ),
    'outcome-taken-back': ended(
      {
        kind: 'ran',
        operation: operation({ ...deployInterrupted, state: 'superseded', decision: verdict, supersededBy: '7f3kxz' }),
        by: abort,
      },
      { incident: 'INC-13' },
    ),
    'outcome-open': ended({
      kind: 'ran',
      operation: operation({
        ...deployInterrupted,
        state: 'open',
        owner: null,
        plan: { ...deployPlan, steps: deployPlan.steps.slice(0, 2) },
      }),
      by: null,
    }),
    'outcome-open-unjudged': ended(
      {
        kind: 'ran',
        operation: operation({
          ...deployInterrupted,
          state: 'open',
          owner: null,
          plan: { ...deployPlan, steps: deployPlan.steps.slice(0, 2) },
        }),
        by: null,
      },
      { judged: false },
    ),
    'outcome-unverified': ended({
      kind: 'ran',
      operation: operation({
        verified: false,
        problem: {
          code: 'unverified',
          what: '1.2.0 serves but is not healthy',
          why: '/v2/health/ready answers 503',
          touched: 'yes',
          next: 'sofare logs fraud-scorer',
        },
      }),
      by: null,
    }),
    'outcome-stuck': ended({
      kind: 'ran',
      operation: operation({ state: 'stuck', endedAt: null, verified: null, problem: stuck }),
      by: null,
    }),
    'outcome-nothing': ended({
      kind: 'nothing',
      why: 'operation 7f3kxz took 1.3.0 back to 1.2.0, which still has 100 %',
      operation: operation(),
    }),
    'outcome-pointer': ended(
      { kind: 'ran', operation: operation({ plan: pointerPlan }), by: null },
      { flags: ['--model', 'fraud'] },
    ),
    'outcome-detached': ended({
      kind: 'ran',
      operation: operation({ state: 'running', endedAt: null, verified: null }),
      by: null,
    }),
    'error': {
      text: (paper) => problemText(problemView(change(problem)), paper),
      json: problemDocument(problemView(change(problem))),
    },
    'status': status(statusInput),
    'status-interrupted': status(interruptedInput),
    'status-fresh': status(freshInput),
    'status-host-down': status(downInput),
    'status-empty': status(emptyInput),
    'status-others-write': status(othersWriteInput),
    'history': { text: (paper) => historyText(history, paper), json: historyDocument(history) },
    'list': { text: (paper) => versionsText(change('fraud'), views, paper), json: versionsDocument(change('fraud'), views) },
    'show': { text: (paper) => showText(shown, paper), json: showDocument(shown) },
    'replay': {
      text: (paper) => replayText(change(recordedRun), change(replayedRun), paper),
      json: replayDocument(change(recordedRun), change(replayedRun)),
    },
    'compare': {
      text: (paper) => compareText(change('fraud'), comparison, paper),
      json: compareDocument(change('fraud'), comparison),
    },
    'changelog': { text: (paper) => changelogText(markdown, paper), json: changelogDocument(change('fraud'), markdown) },
    'current': {
      text: (paper) => currentText({ service: '', model: '', version: change('1.3.0'), since: start }, paper, true),
      json: currentDocument(change({ service: 'fraud-scorer', model: 'fraud', version: '1.3.0', since: start })),
    },
    'get-previous': {
      text: (paper) => (back.version === null ? '' : previousText({ service: 'fraud-scorer', served: true, back }, paper, true)),
      json: back.version === null ? '' : previousDocument({ service: 'fraud-scorer', served: true, back }),
    },
    'tasks': { text: (paper) => tasksText(tasks, paper), json: tasksDocument(tasks) },
    'due': {
      text: (paper) => recoveredText({ tasks: reports, operations: recovered }, paper),
      json: recoveredDocument({ tasks: reports, operations: recovered }),
    },
    'up': { text: (paper) => hostedText(host, paper), json: hostedDocument(host) },
    'label': {
      text: (paper) => labelsText(change('fraud-scorer'), receipt, paper),
      json: labelsDocument(change('fraud-scorer'), receipt),
    },
  };
}
