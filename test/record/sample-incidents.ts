import type { TestContext } from 'node:test';
import type { Problem } from '../../src/model/errors.ts';
import type { OperationEvent } from '../../src/model/operation.ts';
import type { Plan, Step } from '../../src/model/plan.ts';
import { addNote } from '../../src/record/notes.ts';
import { noon, service, type Teller, tellingStore } from './sample-store.ts';
import { policy, regressing, scarce, type Traffic, watch, type Watched } from './sample-guard.ts';

const second = 1_000;
export const day = 86_400_000;

function plan(changes: Partial<Plan> & Pick<Plan, 'kind' | 'from' | 'to' | 'steps' | 'planned'>): Plan {
  return {
    service,
    why: `${changes.to} served before this deploy began`,
    fingerprint: '8c1f0a2b',
    notRolledBack: ['data that the version left has written', 'what clients have cached'],
    notes: [],
    continues: 'nobody until the next changing command',
    expected: null,
    targetNamed: true,
    ...changes,
  };
}

const canarySteps: readonly Step[] = [
  { kind: 'wake', version: '1.3.0', copies: 2 },
  { kind: 'route', weights: { '1.2.0': 90, '1.3.0': 10 }, point: null },
  { kind: 'bake', version: '1.3.0', for: 60_000, guarded: true, last: true },
  { kind: 'route', weights: { '1.3.0': 100 }, point: '1.3.0' },
  { kind: 'confirm', version: '1.3.0' },
];

export const canaryPlan = plan({
  kind: 'deploy',
  from: '1.2.0',
  to: '1.3.0',
  steps: canarySteps,
  notRolledBack: [],
  planned: { weights: { '1.2.0': 100 }, digests: {}, pointer: '1.2.0', fence: 6, operation: null },
});

const directPlan = plan({ ...canaryPlan, steps: canarySteps.filter((_, index) => index === 0 || index > 2) });

export const backSteps: readonly Step[] = [
  { kind: 'route', weights: { '1.2.0': 100 }, point: '1.2.0' },
  { kind: 'confirm', version: '1.2.0' },
];

export const abortPlan = plan({
  kind: 'abort',
  from: '1.3.0',
  to: '1.2.0',
  steps: backSteps,
  planned: { weights: { '1.2.0': 90, '1.3.0': 10 }, digests: {}, pointer: '1.2.0', fence: 7, operation: 'dep10y' },
});

const rollbackPlan = plan({
  kind: 'rollback',
  from: '1.3.0',
  to: '1.2.0',
  steps: [{ kind: 'wake', version: '1.2.0', copies: 2 }, ...backSteps],
  notes: ['1.2.0 is not known good'],
  notRolledBack: [
    'breaking change of the version left: amount is now in cents',
    'data that the version left has written',
    'what clients have cached',
  ],
  planned: { weights: { '1.3.0': 100 }, digests: {}, pointer: '1.3.0', fence: 7, operation: null },
});

const person = (command: string) => ({ kind: 'person' as const, command });
const done = (step: number): OperationEvent => ({ kind: 'step-done', step, result: {} });
const intended = (step: number, attempt = 1, before: unknown = null): OperationEvent => ({
  kind: 'intended',
  step,
  attempt,
  before,
  wanted: null,
});
export const unreachable: Problem = {
  code: 'target.unreachable',
  what: 'the host does not answer',
  why: 'connect ECONNREFUSED',
  touched: 'no',
  next: 'sofare up',
};

/** The version that was there before serves, at 100 %. */
async function settled(teller: Teller): Promise<void> {
  const first = plan({
    ...canaryPlan,
    from: null,
    to: '1.2.0',
    steps: backSteps,
    planned: { weights: {}, digests: {}, pointer: null, fence: 0, operation: null },
  });
  await teller.begin('f1rst0', first, noon - 9 * day, {
    actor: 'ana',
    reason: 'monthly training',
    trigger: person('sofare deploy fraud-scorer@1.2.0'),
  });
  await teller.routed('f1rst0', noon - 9 * day + 900, 0, { '1.2.0': 0 });
  await teller.confirmed('f1rst0', noon - 9 * day + 2_100, 1);
}

/** A canary of 10 %, watched from two seconds after its deploy began. */
export async function canary(teller: Teller, traffic: Traffic, options: Parameters<typeof watch>[3] = {}): Promise<Watched> {
  await settled(teller);
  await teller.begin('dep10y', canaryPlan, noon, {
    actor: 'ana',
    reason: 'monthly training',
    trigger: person('sofare deploy fraud-scorer@1.3.0 --steps 10,100 --every 60s'),
  });
  await teller.tell('dep10y', noon + 4, intended(0));
  await teller.tell('dep10y', noon + 1_700, done(0));
  await teller.tell('dep10y', noon + 1_702, intended(1));
  await teller.routed('dep10y', noon + 1_960, 1, { '1.2.0': 5_000, '1.3.0': 0 });
  const watched = watch(noon + 2_000, 2, traffic, options);
  for (const [at, events] of watched.events) await teller.tell('dep10y', at, ...events);
  return watched;
}

/** The guard decides by evidence and takes the canary back. */
export async function guardAbort(t: TestContext): Promise<Teller> {
  const teller = await tellingStore(t);
  const { decision, end, canary: requests, baseline } = await canary(teller, regressing, { late: 1 });
  const trigger = { kind: 'guard' as const, operation: 'dep10y', decision };
  await teller.begin('ab0rt1', abortPlan, end + 12, {
    actor: 'guard',
    reason: decision.because,
    trigger,
    incident: true,
    marks: true,
  });
  await teller.tell('ab0rt1', end + 14, intended(0));
  await teller.routed('ab0rt1', end + 53, 0, { '1.2.0': baseline + 4, '1.3.0': requests + 1 });
  await teller.confirmed('ab0rt1', end + 1_310, 1);
  return teller;
}

/** Two days at 100 % without a guard, then a person presses; the earlier version has to be woken. */
export async function byHand(t: TestContext): Promise<Teller> {
  const teller = await tellingStore(t);
  await settled(teller);
  const deployed = noon - 2 * day;
  await teller.begin('dep10y', directPlan, deployed, {
    actor: 'ana',
    reason: 'monthly training',
    trigger: person('sofare deploy fraud-scorer@1.3.0'),
  });
  await teller.tell('dep10y', deployed + 1_700, done(0));
  await teller.routed('dep10y', deployed + 1_760, 1, { '1.2.0': 91_000, '1.3.0': 0 });
  await teller.confirmed('dep10y', deployed + 3_000, 2);
  await teller.begin('r0llbk', rollbackPlan, noon, {
    actor: 'bo@example',
    reason: 'answers for new customers are wrong',
    trigger: person('sofare rollback fraud-scorer'),
    owner: 'vm1/b00t/77/950',
    incident: true,
    marks: true,
  });
  await teller.tell('r0llbk', noon + 3, intended(0, 1, { version: '1.2.0', copies: 0 }));
  await teller.tell('r0llbk', noon + 310, { kind: 'attempt-failed', step: 0, attempt: 1, problem: unreachable });
  await teller.tell('r0llbk', noon + 420, intended(0, 2, { version: '1.2.0', copies: 0 }));
  await teller.tell('r0llbk', noon + 1_650, done(0));
  await teller.routed('r0llbk', noon + 1_702, 1, { '1.2.0': 91_000, '1.3.0': 1_240_310 });
  await teller.confirmed('r0llbk', noon + 2_900, 2);
  const note = (section: 'root-cause' | 'timeline' | 'action-items' | 'impact' | 'resolution', after: number, text: string) =>
    teller.store.transaction('note', (transaction) =>
      addNote(transaction, 1, { at: noon + after, section, text, actor: 'bo@example' }),
    );
  await note('root-cause', 3_600 * second, 'The scaler saturates in hours with many flights.\nSee PR #234.');
  await note('timeline', 600 * second, 'support was told');
  await note('action-items', 3_700 * second, 'Add volume-based test cases');
  await teller.lift(noon + day, '1.3.0', 'ana');
  return teller;
}

/** The guard's abort is killed after it moved the traffic; another process finishes. */
export async function killedAndResumed(t: TestContext): Promise<Teller> {
  const teller = await tellingStore(t);
  const { decision, end, canary: requests, baseline } = await canary(teller, regressing);
  await teller.begin('ab0rt1', abortPlan, end + 12, {
    actor: 'guard',
    reason: decision.because,
    trigger: { kind: 'guard', operation: 'dep10y', decision },
    incident: true,
    marks: true,
  });
  await teller.tell('ab0rt1', end + 14, intended(0));
  await teller.tell('ab0rt1', end + 4_514, {
    kind: 'claimed',
    owner: 'vm1/b00t/88/990',
    fence: 9,
    because: 'resumed by bo@example',
  });
  await teller.tell('ab0rt1', end + 4_520, intended(0, 2));
  await teller.routed('ab0rt1', end + 4_560, 0, { '1.2.0': baseline + 4, '1.3.0': requests + 1 });
  await teller.confirmed('ab0rt1', end + 5_800, 1);
  return teller;
}

/** Hardly any traffic: the guard's time is over, it moves nothing, and the deploy stays open. */
export async function undecided(t: TestContext): Promise<Teller> {
  const teller = await tellingStore(t);
  const { decision, end } = await canary(teller, scarce, { policy: { ...policy, deadline: 30_000 } });
  const problem: Problem = {
    code: 'guard.undecided',
    what: 'the guard of 1.3.0 ended undecided',
    why: decision.because,
    touched: 'yes',
    next: 'sofare guard fraud-scorer',
  };
  await teller.tell('dep10y', end, { kind: 'paused', problem });
  await teller.openIncident('dep10y', end);
  return teller;
}

/** The same, but the service says that an undecided canary goes back. */
export async function undecidedAbort(t: TestContext): Promise<Teller> {
  const teller = await tellingStore(t);
  const {
    decision,
    end,
    canary: requests,
    baseline,
  } = await canary(teller, scarce, { policy: { ...policy, deadline: 30_000, onUndecided: 'abort' } });
  await teller.begin('ab0rt1', abortPlan, end + 12, {
    actor: 'guard',
    reason: decision.because,
    trigger: { kind: 'guard', operation: 'dep10y', decision },
    incident: true,
    marks: true,
  });
  await teller.routed('ab0rt1', end + 53, 0, { '1.2.0': baseline, '1.3.0': requests });
  await teller.confirmed('ab0rt1', end + 1_310, 1);
  return teller;
}

export const sampleIncidents = {
  'guard-abort': guardAbort,
  'by-hand': byHand,
  'killed-and-resumed': killedAndResumed,
  undecided,
  'undecided-abort': undecidedAbort,
} as const;
