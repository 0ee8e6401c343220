import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from '../../src/model/errors.ts';
import { readIncident } from '../../src/record/incident.ts';
import {
  abortPlan,
  byHand,
  canary,
  day,
  guardAbort,
  killedAndResumed,
  undecided,
  undecidedAbort,
  unreachable,
} from './sample-incidents.ts';
import { regressing } from './sample-guard.ts';
import { noon, tellingStore } from './sample-store.ts';

test('a guard that took a canary back: who, on which evidence, and how long each part took', async (t) => {
  const { store } = await guardAbort(t);
  const incident = await readIncident(store.read, 'INC-1');
  assert.deepEqual([incident.kind, incident.state, incident.from, incident.to], ['taken-back', 'mitigated', '1.3.0', '1.2.0']);
  assert.equal(incident.trigger.kind, 'guard');
  assert.equal(incident.evidence?.is, 'decided');
  assert.deepEqual(incident.evidence?.lacking, []);
  assert.deepEqual(
    incident.takenBack.map(({ id, kind, state }) => [id, kind, state]),
    [['dep10y', 'deploy', 'superseded']],
  );
  const { detect, decide, safe, verify, duration, durationUntil } = incident.times;
  assert.deepEqual([detect, decide, safe, verify], [7_040, 12, 41, 1_257]);
  assert.equal(
    duration,
    (detect ?? 0) + (decide ?? 0) + (safe ?? 0) + (verify ?? 0),
    'the parts follow one another without a gap',
  );
  assert.equal(durationUntil, 'verified');
  assert.deepEqual(incident.marks, { held: true, holdStands: true, quarantined: true, quarantineStands: true });
  assert.deepEqual(
    incident.timeline.map(({ happening: { what } }) => what),
    [
      'began',
      'ready',
      'routed',
      'watching',
      'first-bad',
      'crossed',
      'decided',
      'began',
      'marked',
      'marked',
      'routed',
      'verified',
    ],
  );
});

test('a rollback by hand has no time to detect, and says nothing of errors that nobody counted', async (t) => {
  const { store } = await byHand(t);
  const incident = await readIncident(store.read, '1');
  assert.equal(incident.trigger.kind, 'person');
  assert.equal(incident.evidence, null);
  const { detect, decide, exposedBeforeCommand, safe, verify } = incident.times;
  assert.deepEqual([detect, decide, safe, verify], [null, null, 1_702, 1_198]);
  assert.equal(exposedBeforeCommand, 2 * day - 1_760);
  assert.deepEqual(incident.impact, { requests: 1_240_310, atLeast: false, ownChecks: 10, watched: null, harms: [] });
  assert.deepEqual(incident.moved.copies, [{ version: '1.2.0', before: 0, after: 2 }]);
  assert.deepEqual(incident.moved.pointer, { before: '1.3.0', after: '1.2.0' });
  assert.deepEqual(incident.marks, { held: true, holdStands: false, quarantined: true, quarantineStands: false });
  assert.ok(incident.timeline.some(({ happening }) => happening.what === 'lifted' && happening.mark === 'quarantine'));
});

test('a killed and resumed one says which process was gone, which took over, when and why', async (t) => {
  const { store } = await killedAndResumed(t);
  const incident = await readIncident(store.read, '1');
  const [takeover, ...more] = incident.operation.takeovers;
  assert.equal(more.length, 0);
  assert.deepEqual(takeover && { ...takeover, at: takeover.at - incident.openedAt }, {
    at: 4_502,
    owner: { host: 'vm1', process: '88' },
    before: { host: 'vm1', process: '41' },
    because: 'resumed by bo@example',
    after: 'interrupted',
    silent: 4_500,
  });
  assert.equal(incident.timeline.filter(({ happening }) => happening.what === 'taken-over').length, 1);
  assert.equal(incident.milestones.moving, incident.openedAt + 2, 'the first attempt is when the traffic may have moved');
});

test('an undecided guard that moved nothing says so, and which evidence was lacking', async (t) => {
  const { store } = await undecided(t);
  const incident = await readIncident(store.read, '1');
  assert.deepEqual([incident.kind, incident.state, incident.operation.state], ['undecided', 'open', 'open']);
  assert.equal(incident.evidence?.decision.verdict, 'inconclusive');
  assert.deepEqual(incident.evidence?.lacking, [
    'requests for a pass: 14 of 344',
    'evidence for a rollback: 1 to 1 of the 100 to 1 that are needed',
    'traffic to both versions: in the last interval one of them had none',
    'labels: none arrived, so nothing was known of wrong answers',
  ]);
  const { began, safe, verified, detected } = incident.milestones;
  assert.deepEqual([began, safe, verified, detected], [null, null, null, null]);
  assert.equal(incident.moved.pointer.after, null);
  assert.ok(incident.actions.some(({ kind }) => kind === 'decide'));
});

test('an undecided guard that aborts is taken back without a claim that the version regressed', async (t) => {
  const { store } = await undecidedAbort(t);
  const incident = await readIncident(store.read, '1');
  assert.deepEqual([incident.kind, incident.state], ['taken-back', 'mitigated']);
  assert.equal(incident.trigger.kind === 'guard' && incident.trigger.decision.cause, 'deadline');
  assert.ok((incident.evidence?.lacking.length ?? 0) > 0);
  assert.ok(!incident.timeline.some(({ happening: { what } }) => what === 'first-bad' || what === 'crossed'));
});

test('a person who rolls back while a guard has not decided: its evidence stands beside, as nobody’s decision', async (t) => {
  const teller = await tellingStore(t);
  const { end } = await canary(teller, regressing);
  const { plan } = { plan: { ...abortPlan, kind: 'rollback' as const } };
  // The verdict was journalled, and the process died before it acted: the person only pressed first.
  await teller.begin('r0llbk', plan, end + 5_000, {
    actor: 'bo',
    reason: 'none given',
    trigger: { kind: 'person', command: 'sofare rollback' },
    incident: true,
    marks: true,
  });
  const incident = await readIncident(teller.store.read, '1');
  assert.equal(incident.trigger.kind, 'person');
  assert.equal(incident.milestones.detected, end);
  assert.equal(incident.times.decide, 5_000);
  assert.deepEqual([incident.state, incident.times.duration, incident.impact.requests], ['open', null, null]);
  assert.ok(incident.actions.some(({ kind }) => kind === 'finish'));
});

test('ended without verification is not called mitigated, and the duration ends where traffic was safe', async (t) => {
  const teller = await tellingStore(t);
  const { decision, end } = await canary(teller, regressing);
  await teller.begin('ab0rt1', abortPlan, end, {
    actor: 'guard',
    reason: decision.because,
    trigger: { kind: 'guard', operation: 'dep10y', decision },
    incident: true,
    marks: true,
  });
  await teller.routed('ab0rt1', end + 50, 0, null);
  await teller.tell(
    'ab0rt1',
    end + 15_000,
    { kind: 'step-done', step: 1, result: { identity: { grade: 'none', copies: 0, requests: 3 } } },
    { kind: 'completed', verified: false, problem: unreachable },
  );
  const incident = await readIncident(teller.store.read, '1');
  assert.deepEqual([incident.state, incident.milestones.verified, incident.times.durationUntil], ['unverified', null, 'safe']);
  assert.equal(incident.times.duration, end + 50 - (noon + 1_960));
  assert.equal(incident.impact.requests, null, 'nobody counted at the end');
  assert.ok(incident.actions.some(({ kind }) => kind === 'verify'));
  assert.ok(!incident.timeline.some(({ happening: { what }, operation }) => what === 'verified' && operation === 'ab0rt1'));
});

test('a stuck one is open, and asks to be resumed', async (t) => {
  const teller = await tellingStore(t);
  const { decision, end } = await canary(teller, regressing);
  await teller.begin('ab0rt1', abortPlan, end, {
    actor: 'guard',
    reason: decision.because,
    trigger: { kind: 'guard', operation: 'dep10y', decision },
    incident: true,
    marks: true,
  });
  await teller.tell('ab0rt1', end + 30_000, { kind: 'stuck', problem: unreachable });
  const incident = await readIncident(teller.store.read, '1');
  assert.equal(incident.state, 'open');
  assert.deepEqual(incident.actions[0], { kind: 'finish', operation: 'ab0rt1', state: 'stuck' });
});

test('a wall clock that was set back gives no span instead of a wrong one', async (t) => {
  const teller = await tellingStore(t);
  const { decision, end } = await canary(teller, regressing);
  await teller.begin('ab0rt1', abortPlan, end, {
    actor: 'guard',
    reason: decision.because,
    trigger: { kind: 'guard', operation: 'dep10y', decision },
    incident: true,
    marks: true,
  });
  await teller.routed('ab0rt1', end - 3_600_000, 0, null);
  const { times } = await readIncident(teller.store.read, '1');
  assert.deepEqual([times.safe, times.duration, times.durationUntil], [null, null, null]);
});

test('a rollback that was pushed aside belongs to the chain of the one that goes on', async (t) => {
  const teller = await tellingStore(t);
  const { decision, end } = await canary(teller, regressing);
  await teller.begin('ab0rt1', abortPlan, end, {
    actor: 'guard',
    reason: decision.because,
    trigger: { kind: 'guard', operation: 'dep10y', decision },
    incident: true,
    marks: true,
  });
  const second = { ...abortPlan, kind: 'rollback' as const, planned: { ...abortPlan.planned, fence: 8, operation: 'ab0rt1' } };
  await teller.begin('emerg3', second, end + 1_000, {
    actor: 'bo',
    reason: 'it hangs',
    trigger: { kind: 'person', command: 'sofare rollback --emergency' },
    incident: true,
    marks: true,
  });
  await teller.routed('emerg3', end + 1_050, 0, { '1.2.0': 9_000, '1.3.0': 150 });
  const [first, other] = [await readIncident(teller.store.read, '1'), await readIncident(teller.store.read, '2')];
  assert.equal(first.state, 'superseded');
  assert.ok(first.timeline.some(({ happening }) => happening.what === 'ended' && happening.by === 'emerg3'));
  assert.deepEqual(
    other.takenBack.map(({ id }) => id),
    ['dep10y', 'ab0rt1'],
  );
  assert.equal(other.impact.requests, 150);
  assert.equal(other.milestones.deployed, noon);
});

test('an incident that is not there is named, with the newest that is', async (t) => {
  const { store } = await undecided(t);
  for (const name of ['INC-7', '0', 'last', '1; drop table incidents']) {
    await assert.rejects(
      readIncident(store.read, name),
      (error) =>
        error instanceof ProblemError && error.problem.code === 'incident.unknown' && error.problem.why.includes('INC-1'),
    );
  }
});

test('reading an incident writes nothing', async (t) => {
  const { store } = await guardAbort(t);
  const changes = async (): Promise<unknown> =>
    Promise.all(
      (['journal', 'history', 'incidents', 'incident_notes', 'operations', 'services'] as const).map((table) =>
        store.read.selectFrom(table).selectAll().execute(),
      ),
    );
  const before = await changes();
  await readIncident(store.read, '1');
  assert.deepEqual(await changes(), before);
});
