import type { HistoryEvent, Quarantine, Tenure } from '../../src/model/history.ts';
import { type ArmCounters, type CountersReading, type HostedService, latencyBuckets } from '../../src/model/hosting.ts';
import type { Operation } from '../../src/model/operation.ts';
import type { ModelVersion } from '../../src/model/version.ts';
import type { Situation } from '../../src/operate/situation.ts';
import type { StatusInput } from '../../src/report/status.ts';
import { deployPlan, freshPlan, rollbackPlan, service, start } from './sample-operations.ts';

const minute = 60_000;
const day = 86_400_000;

export function version(name: string, changes: Partial<ModelVersion> = {}): ModelVersion {
  return {
    model: 'fraud',
    version: name,
    status: 'released',
    bundle: {
      artifacts: [
        { kind: 'stored', path: 'model/weights.bin', digest: `sha256:${'3f9c21'.padEnd(64, '0')}`, size: 4_210_000 },
        { kind: 'referenced', uri: 's3://models/fraud/tokens.json', digest: `sha256:${'77aa01'.padEnd(64, '0')}`, size: 812 },
      ],
      image: null,
      configuration: { threshold: '0.5' },
      environment: { WORKERS: '2' },
      schema: { input: { amount: 'number' }, output: { score: 'number' } },
      migrations: ['add column amount_cents'],
    },
    bundleDigest: `sha256:${name.replaceAll('.', '').padEnd(64, 'e')}`,
    metrics: { auc: 0.9312, brier: 0.081 },
    parameters: { depth: 6 },
    run: 'run-2209',
    changelog: 'Trained on October.\nAmounts are in cents.',
    breakingChanges: ['amount is now in cents'],
    deprecations: [],
    createdAt: start - 9 * day,
    releasedAt: start - 8 * day,
    deprecatedAt: null,
    actor: 'ana@example',
    reason: 'monthly training',
    ...changes,
  };
}

export function tenure(name: string, since: number, until: number | null, changes: Partial<Tenure> = {}): Tenure {
  return {
    version: name,
    since,
    until,
    fullSince: since,
    fullUntil: until,
    fullStretches: [{ since, until, requests: 88_000 }],
    highestShare: 100,
    requests: 88_000,
    verified: true,
    baked: true,
    regressed: false,
    quarantinedSince: false,
    source: 'witnessed',
    operation: 'k3m9ab',
    ...changes,
  };
}

export function operation(changes: Partial<Operation> = {}): Operation {
  return {
    id: '7f3kxz',
    service: 'fraud-scorer',
    kind: 'rollback',
    state: 'completed',
    plan: rollbackPlan,
    trigger: { kind: 'person', command: 'rollback' },
    actor: 'ana',
    reason: 'answers for new customers are wrong',
    owner: null,
    owners: ['host/boot/1/1'],
    fence: 8,
    createdAt: start,
    endedAt: start + 2_900,
    stepsDone: 3,
    intent: null,
    results: [],
    guard: null,
    decision: null,
    verified: true,
    problem: null,
    supersededBy: null,
    ...changes,
  };
}

export const deployInterrupted = operation({
  id: 'q81mva',
  kind: 'deploy',
  state: 'running',
  plan: deployPlan,
  reason: 'monthly training',
  owner: 'host/boot/41/9',
  createdAt: start - 2 * minute,
  endedAt: null,
  stepsDone: 1,
  verified: null,
});

const quarantine: Quarantine = {
  service: 'fraud-scorer',
  version: '1.2.1',
  since: start - 3 * day,
  reason: 'errors',
  actor: 'guard',
  operation: 'b5n0ty',
  evidence: 'errors of 1.2.1 4.1 % against 0.4 % of 1.2.0, over 3,120 and 28,041: evidence 4,231 to 1, 100 to 1 needed',
};

function copies(name: string, ready: number, wanted = ready) {
  return {
    version: name,
    bundleDigest: version(name).bundleDigest,
    wanted,
    copies: Array.from({ length: wanted }, (_, index) => ({
      id: `${name}-${index}`,
      ready: index < ready,
      address: `http://127.0.0.1:${9000 + index}`,
      identity: index < ready ? name : null,
      restarts: index < ready ? 0 : 4,
    })),
    failed: null,
  };
}

/** 1.3.0 serves, 1.2.0 is warm beside it, 1.2.1 was rolled back. */
export const situation: Situation = {
  observation: {
    service: 'fraud-scorer',
    at: start,
    target: { fence: 7, versions: { '1.3.0': copies('1.3.0', 2), '1.2.0': copies('1.2.0', 1) } },
    traffic: { fence: 7, weights: { '1.3.0': 100 }, address: 'http://127.0.0.1:8080' },
    record: { revision: 3, value: null },
    pointer: '1.3.0',
    fence: 7,
  },
  serving: '1.3.0',
  lane: null,
  hold: null,
  quarantined: new Map([['1.2.1', quarantine]]),
  tenures: [
    tenure('1.3.0', start - 18 * minute, null, {
      baked: false,
      requests: 12_410,
      fullStretches: [{ since: start - 18 * minute, until: null, requests: 12_410 }],
    }),
    tenure('1.2.1', start - 3 * day - 40 * minute, start - 3 * day, {
      highestShare: 10,
      fullSince: null,
      fullStretches: [],
      regressed: true,
      quarantinedSince: true,
      verified: false,
      baked: false,
      requests: null,
    }),
    tenure('1.2.0', start - 9 * day, start - 18 * minute),
    tenure('1.1.0', start - 30 * day, start - 9 * day, { source: 'attested', operation: null }),
  ],
  versions: new Map(['1.3.0', '1.2.1', '1.2.0', '1.1.0'].map((name) => [name, version(name)])),
  whole: new Map(['1.3.0', '1.2.1', '1.2.0', '1.1.0'].map((name) => [name, true])),
};

function arm(requests: number, errors: number, bucket: number): ArmCounters {
  const latency = Array.from({ length: latencyBuckets.length + 1 }, (_, index) =>
    index === bucket ? requests - Math.floor(requests / 10) : index === bucket + 4 ? Math.floor(requests / 10) : 0,
  );
  return { requests, errors, unanswered: Math.floor(errors / 10), latency, labels: { right: 0, wrong: 0 } };
}

export const readings: readonly CountersReading[] = [0, 1, 2, 3, 4].map((index) => ({
  at: start - (4 - index) * 1_000,
  epoch: 1,
  arms: { '1.3.0': arm(10_000 + 600 * index, 100 + 5 * index * index, 60), '1.2.0': arm(88_000, 352, 58) },
  labels: { scored: 0, unknown: 0, duplicate: 0, late: 0, malformed: 0 },
  refused: 0,
}));

export const hosted: HostedService = {
  service: 'fraud-scorer',
  fence: 7,
  revision: 31,
  policy: null,
  address: 'http://127.0.0.1:8080',
  listenProblem: null,
  metrics: null,
  weights: { '1.3.0': 100 },
  versions: [
    {
      version: '1.3.0',
      bundleDigest: version('1.3.0').bundleDigest,
      wanted: 2,
      failed: null,
      copies: [
        {
          id: '1.3.0-0',
          pid: 4101,
          port: 40101,
          state: 'ready',
          identity: '1.3.0',
          restarts: 0,
          inFlight: 3,
          since: start - 18 * minute,
        },
        {
          id: '1.3.0-1',
          pid: 4102,
          port: 40102,
          state: 'warming',
          identity: null,
          restarts: 1,
          inFlight: 0,
          since: start - 4_000,
        },
      ],
    },
    {
      version: '1.2.1',
      bundleDigest: version('1.2.1').bundleDigest,
      wanted: 1,
      failed: 'exited 5 times in 20 s, at last with code 1',
      copies: [
        {
          id: '1.2.1-0',
          pid: null,
          port: null,
          state: 'exited',
          identity: null,
          restarts: 5,
          inFlight: 0,
          since: start - minute,
        },
      ],
    },
  ],
};

export const statusInput: StatusInput = {
  service: { name: 'fraud-scorer', model: 'fraud', serving: service.serving },
  situation,
  host: 'up',
  hosted,
  readings,
  owner: 'alive',
  choice: {
    kind: 'target',
    version: '1.2.0',
    mark: 'known good',
    why: '1.2.0 is the newest known good version',
    passedOver: ['1.2.1 is quarantined'],
  },
  expected: { safe: 412, verified: 1_900 },
  state: '/srv/fraud/.sofare (found upward from /srv/fraud)',
  now: start,
};

export const interruptedInput: StatusInput = {
  ...statusInput,
  situation: {
    ...situation,
    serving: null,
    lane: deployInterrupted,
    hold: { since: start - minute, reason: 'frozen for the quarter end', actor: 'bo', operation: null },
    observation: {
      ...situation.observation,
      pointer: '1.2.0',
      traffic: { fence: 7, weights: { '1.2.0': 90, '1.3.0': 10 }, address: 'http://127.0.0.1:8080' },
      target: { fence: 7, versions: { '1.3.0': { ...copies('1.3.0', 1, 2), failed: null }, '1.2.0': copies('1.2.0', 2) } },
    },
  },
  owner: 'gone',
};

/** Weights in an object of a cluster that others write too, with a destination where no version runs. */
export const othersWriteInput: StatusInput = {
  ...statusInput,
  situation: {
    ...situation,
    observation: {
      ...situation.observation,
      traffic: {
        fence: 7,
        weights: { '1.3.0': 95, 'legacy': 5 },
        address: null,
        besides: ['primary has 1.3.0 100 %', 'batch has 1.3.0 90 %, legacy 10 %'],
        writers: [
          { called: 'Argo CD (application fraud)', active: true, pause: 'argocd app set fraud --sync-policy none' },
          { called: 'kubectl-edit', active: false, pause: null },
        ],
      },
    },
  },
};

/** A canary beside fresh copies of the stable version. */
export const freshInput: StatusInput = {
  ...statusInput,
  situation: {
    ...situation,
    serving: null,
    lane: { ...deployInterrupted, plan: freshPlan, stepsDone: 3 },
    observation: {
      ...situation.observation,
      pointer: '1.2.0',
      traffic: { fence: 7, weights: { '1.2.0': 80, '1.2.0@fresh': 10, '1.3.0': 10 }, address: 'http://127.0.0.1:8080' },
      target: {
        fence: 7,
        versions: {
          '1.3.0': copies('1.3.0', 2),
          '1.2.0': copies('1.2.0', 2),
          '1.2.0@fresh': { ...copies('1.2.0', 2), version: '1.2.0@fresh' },
        },
      },
    },
  },
};

export const downInput: StatusInput = {
  ...statusInput,
  host: 'down',
  hosted: null,
  readings: [],
  situation: {
    ...situation,
    serving: '1.3.0',
    observation: { ...situation.observation, target: null, traffic: null, record: null },
  },
};

export const emptyInput: StatusInput = {
  ...statusInput,
  service: { name: 'fraud', model: 'fraud', serving: null },
  host: 'none',
  hosted: null,
  readings: [],
  choice: null,
  expected: null,
  situation: {
    ...situation,
    serving: null,
    tenures: [],
    quarantined: new Map(),
    observation: { service: 'fraud', at: start, target: null, traffic: null, record: null, pointer: null, fence: 0 },
  },
  flags: ['--model', 'fraud'],
};

export const events: readonly HistoryEvent[] = [
  {
    sequence: 9,
    service: 'fraud-scorer',
    at: start - minute,
    kind: 'held',
    version: null,
    share: null,
    requests: null,
    operation: null,
    source: 'witnessed',
    actor: 'bo',
    reason: 'frozen for the quarter end',
    evidence: null,
  },
  {
    sequence: 8,
    service: 'fraud-scorer',
    at: start - 3 * day,
    kind: 'quarantined',
    version: '1.2.1',
    share: null,
    requests: null,
    operation: 'b5n0ty',
    source: 'witnessed',
    actor: 'guard',
    reason: 'errors',
    evidence: quarantine.evidence,
  },
  {
    sequence: 2,
    service: 'fraud-scorer',
    at: start - 30 * day,
    kind: 'share',
    version: '1.1.0',
    share: 100,
    requests: null,
    operation: null,
    source: 'attested',
    actor: 'bo',
    reason: 'served all of October',
    evidence: null,
  },
];
