import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readJournal } from '../../src/execute/journal.ts';
import type { Engine } from '../../src/execute/engine.ts';
import { deploy } from '../../src/operate/deploy.ts';
import type { Outcome } from '../../src/operate/outcome.ts';
import { promote } from '../../src/operate/promote.ts';
import { rollback } from '../../src/operate/rollback.ts';
import { readSituation } from '../../src/operate/situation.ts';
import { operationLines } from '../../src/report/operation.ts';
import { outcomeText, outcomeView } from '../../src/report/outcome.ts';
import { planDocument, planView } from '../../src/report/plan.ts';
import { followedAll, type OperationProgress, progressOf } from '../../src/report/progress.ts';
import { statusView } from '../../src/report/status.ts';
import { fakeEngine, register, request, rollbackRequest } from '../fixtures/fake-engine.ts';
import { paper } from './sample-operations.ts';

interface Watched {
  readonly engine: Engine;
  readonly seen: () => readonly OperationProgress[];
}

/** An engine whose announced events are followed as a screen follows them. */
async function watched(): Promise<Watched> {
  const { engine } = await fakeEngine();
  let seen: readonly OperationProgress[] = [];
  return {
    engine: {
      ...engine,
      announce: (id, event, at) => {
        seen = followedAll(seen, id, event, at);
      },
    },
    seen: () => seen,
  };
}

const direct = (version: string) => ({ ...request(), version, shares: [100], every: 0 });

function ran(outcome: Outcome): Extract<Outcome, { kind: 'ran' }> {
  assert.equal(outcome.kind, 'ran');
  return outcome as Extract<Outcome, { kind: 'ran' }>;
}

test('a tree made from announced events is the tree that the journal makes', async () => {
  const { engine, seen } = await watched();
  await register(engine, '1.2.0', '1.3.0');
  for (const version of ['1.2.0', '1.3.0']) await deploy(engine, direct(version));
  await rollback(engine, rollbackRequest());
  assert.deepEqual(
    seen().map(({ plan, state }) => [plan.kind, plan.to, state]),
    [
      ['deploy', '1.2.0', 'completed'],
      ['deploy', '1.3.0', 'completed'],
      ['rollback', '1.2.0', 'completed'],
    ],
  );
  for (const progress of seen())
    assert.deepEqual(progress, progressOf(progress.id, await readJournal(engine.store.read, progress.id)));
});

test('a rollback that ran says when traffic was safe, that it was verified, and how to undo it', async () => {
  const { engine, seen } = await watched();
  await register(engine, '1.2.0', '1.3.0');
  for (const version of ['1.2.0', '1.3.0']) await deploy(engine, direct(version));
  const outcome = ran(await rollback(engine, rollbackRequest()));
  const progress = seen().at(-1) ?? null;
  const text = outcomeText(outcomeView(outcome, { progress, incident: 'INC-1' }), { ...paper, width: 200 });
  assert.match(
    text,
    /^✓ Back on 1\.2\.0\. Traffic safe in \S+( ms)?, verified in \S+( ms)?\. Held; 1\.3\.0 quarantined\. Incident INC-1\.\n/,
  );
  assert.match(text, /sofare rollback fraud-scorer --to 1\.3\.0 --override quarantine\n/);
  const tree = operationLines(progress as OperationProgress, paper).join('\n');
  assert.equal([...tree.matchAll(/✓/g)].length, 2 + outcome.operation.plan.steps.length);
  assert.match(tree, /answered: 2 copies, 10 requests/);
});

test('a canary, its promotion and its status are shown as they stand', async () => {
  const { engine } = await watched();
  await register(engine, '1.2.0', '1.3.0');
  await deploy(engine, direct('1.2.0'));
  const open = outcomeView(ran(await deploy(engine, { ...direct('1.3.0'), shares: [10] })));
  assert.equal(open.summary, '1.3.0 has 10% of fraud-scorer, 1.2.0 has 90%. The deploy stays open.');
  const input = {
    service: engine.service,
    host: 'up' as const,
    hosted: null,
    readings: [],
    owner: 'gone' as const,
    choice: null,
    expected: null,
    state: 'here',
    now: Date.now(),
  };
  const during = statusView({ ...input, situation: await readSituation(engine, new AbortController().signal) });
  assert.deepEqual(
    [during.condition, during.next, during.serving.map(({ version, share }) => `${version} ${share}`)],
    ['open', 'sofare promote fraud-scorer', ['1.2.0 90', '1.3.0 10']],
  );
  await promote(engine, request());
  const after = statusView({ ...input, situation: await readSituation(engine, new AbortController().signal) });
  assert.deepEqual([after.condition, after.pointer, after.differences], ['serving', '1.3.0', []]);
});

test('the JSON of a plan is the plan: what --apply reads is in it', async () => {
  const { engine } = await watched();
  await register(engine, '1.2.0', '1.3.0');
  for (const version of ['1.2.0', '1.3.0']) await deploy(engine, direct(version));
  const outcome = await rollback(engine, rollbackRequest({ consent: async () => false }));
  assert.equal(outcome.kind, 'planned');
  const { plan } = outcome as Extract<Outcome, { kind: 'planned' }>;
  const { schema, rows, follows, state, next, ...rest } = JSON.parse(
    planDocument(planView(plan, { service: engine.service, state: 'here' })),
  );
  assert.deepEqual(rest, JSON.parse(JSON.stringify(plan)));
  assert.deepEqual([schema, state, next], ['sofare/plan@1', 'here', 'sofare rollback fraud-scorer -y']);
  assert.deepEqual(
    [...rows, ...follows].map(({ name }: { name: string }) => name),
    ['hold', 'quarantine', ...plan.steps.map(({ kind }) => kind), 'retire'],
  );
});
