import type { OperationEvent, StepResult } from '../../src/model/operation.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Service } from '../../src/model/service.ts';
import type { Paper } from '../../src/report/paper.ts';

/** 2026-11-24 10:00:00Z: when everything in the samples begins. */
export const start = Date.UTC(2026, 10, 24, 10);

export const paper: Paper = { width: 80, color: false, unicode: true, now: start };

/** The papers that every screen is printed on, by the name of their golden file. */
export const papers: Readonly<Record<string, Omit<Paper, 'now'>>> = {
  '80': { width: 80, color: false, unicode: true },
  '120': { width: 120, color: false, unicode: true },
  'color': { width: 80, color: true, unicode: true },
  'ascii': { width: 80, color: false, unicode: false },
};

export const service: Pick<Service, 'serving' | 'keep' | 'bake'> = {
  serving: {
    target: {
      kind: 'process',
      command: ['node', 'server.mjs'],
      directory: '/srv/fraud',
      copies: 2,
      environment: {},
      readiness: { http: '/v2/health/ready' },
      readyWithin: 30_000,
      stopWithin: 10_000,
      warmup: { requests: 0, golden: null },
    },
    traffic: { kind: 'proxy', listen: '127.0.0.1:8080', metrics: null },
    identity: { http: '/v2/models/fraud', json: 'versions[0]' },
    least: 'answered',
    health: { http: '/v2/health/ready', within: 250 },
    signals: { errors: true, latency: true },
    labels: null,
  },
  keep: { knownGood: 3, warm: 3_600_000 },
  bake: { for: 900_000, requests: 1000 },
};

/** In a cluster, where nobody counts requests and nobody can be asked who answers. */
export const declaredService: Pick<Service, 'serving' | 'keep' | 'bake'> = {
  ...service,
  serving: {
    cluster: { context: null, namespace: 'serving' },
    target: {
      kind: 'deployment',
      template: '/srv/fraud/deployment.yaml',
      container: null,
      port: 8080,
      copies: 2,
      readyWithin: 30_000,
    },
    traffic: { kind: 'istio', virtualService: 'fraud', routes: null, destinationRule: null, address: null },
    identity: null,
    least: 'declared',
    health: { ready: true, within: 250 },
    signals: { errors: true, latency: true },
    labels: null,
  },
};

export const rollbackPlan: Plan = {
  service: 'fraud-scorer',
  kind: 'rollback',
  from: '1.3.0',
  to: '1.2.0',
  why: '1.2.0 is the newest known good version',
  steps: [
    { kind: 'wake', version: '1.2.0', copies: 2 },
    { kind: 'route', weights: { '1.2.0': 100 }, point: '1.2.0' },
    { kind: 'confirm', version: '1.2.0' },
  ],
  planned: { weights: { '1.3.0': 100 }, digests: {}, pointer: '1.3.0', fence: 7, operation: null },
  fingerprint: '8c1f0a2b',
  notRolledBack: [
    'breaking change of the version left: amount is now in cents',
    'data that the version left has written',
    'what clients have cached',
  ],
  notes: ['passed over: 1.2.1 is quarantined', 'unfenced: the traffic path does not check who writes'],
  continues: 'the local host, within 60 s',
  expected: { safe: 412, verified: 1_900 },
  targetNamed: false,
};

export const deployPlan: Plan = {
  ...rollbackPlan,
  kind: 'deploy',
  from: '1.2.0',
  to: '1.3.0',
  why: '1.3.0 is deployed by ana',
  steps: [
    { kind: 'wake', version: '1.3.0', copies: 2 },
    { kind: 'route', weights: { '1.2.0': 90, '1.3.0': 10 }, point: null },
    { kind: 'bake', version: '1.3.0', for: 60_000, guarded: true, last: false },
    { kind: 'route', weights: { '1.2.0': 50, '1.3.0': 50 }, point: null },
    { kind: 'bake', version: '1.3.0', for: 60_000, guarded: true, last: true },
    { kind: 'route', weights: { '1.3.0': 100 }, point: '1.3.0' },
    { kind: 'confirm', version: '1.3.0' },
  ],
  planned: { weights: { '1.2.0': 100 }, digests: {}, pointer: '1.2.0', fence: 6, operation: null },
  fingerprint: '11e5d0c4',
  notRolledBack: [],
  notes: ['overridden: hold (operation 7f3kxz rolled 1.1.0 back)'],
  expected: null,
  targetNamed: true,
};

/** The same, compared with fresh copies of the stable version. */
export const freshPlan: Plan = {
  ...deployPlan,
  steps: [
    { kind: 'wake', version: '1.3.0', copies: 2 },
    { kind: 'wake', version: '1.2.0@fresh', copies: 2 },
    { kind: 'route', weights: { '1.2.0': 80, '1.2.0@fresh': 10, '1.3.0': 10 }, point: null },
    { kind: 'bake', version: '1.3.0', for: 60_000, guarded: true, last: true },
    { kind: 'route', weights: { '1.3.0': 100 }, point: '1.3.0' },
    { kind: 'confirm', version: '1.3.0' },
  ],
  notes: [],
  fresh: '1.2.0@fresh',
};

export const pointerPlan: Plan = {
  ...rollbackPlan,
  service: 'fraud',
  steps: [{ kind: 'point', version: '1.2.0' }],
  planned: { ...rollbackPlan.planned, weights: {} },
  notRolledBack: ['anything that serves: only the pointer of this registry moves'],
  notes: ['1.2.0 is not known good'],
  continues: 'nobody until the next changing command',
  expected: null,
};

export type Told = readonly [after: number, event: OperationEvent];

export function created(plan: Plan): OperationEvent {
  return {
    kind: 'created',
    plan,
    owner: 'host/boot/1/1',
    fence: plan.planned.fence + 1,
    trigger: { kind: 'person', command: plan.kind },
  };
}

export function intended(step: number, attempt = 1): OperationEvent {
  return { kind: 'intended', step, attempt, before: null, wanted: null };
}

export function done(step: number, result: StepResult = {}): OperationEvent {
  return { kind: 'step-done', step, result };
}

/** A rollback that ends well, by the milliseconds after its beginning. */
export const rollbackTold: readonly Told[] = [
  [0, created(rollbackPlan)],
  [3, intended(0)],
  [
    310,
    {
      kind: 'attempt-failed',
      step: 0,
      attempt: 1,
      problem: {
        code: 'target.unreachable',
        what: 'the host does not answer',
        why: 'connect ECONNREFUSED',
        touched: 'no',
        next: 'sofare up',
      },
    },
  ],
  [420, intended(0, 2)],
  [1_650, done(0)],
  [1_655, intended(1)],
  [1_702, done(1, { weights: { '1.2.0': 100 }, counters: { '1.2.0': 5120 } })],
  [2_900, done(2, { identity: { grade: 'answered', copies: 2, requests: 10 } })],
  [2_900, { kind: 'completed', verified: true, problem: null }],
];
