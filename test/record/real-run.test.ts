import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deploy } from '../../src/operate/deploy.ts';
import { resume } from '../../src/operate/resume.ts';
import { rollback } from '../../src/operate/rollback.ts';
import { readIncident } from '../../src/record/incident.ts';
import { listIncidents } from '../../src/record/list.ts';
import { incidentMarkdown } from '../../src/report/incident-markdown.ts';
import { fakeEngine, register, request, rollbackRequest } from '../fixtures/fake-engine.ts';

const to = (version: string, share = 100) => ({ ...request(), version, shares: [share], every: 0 });
const arm = (requests: number) => ({ requests, errors: 0, unanswered: 0, latency: [], labels: { right: 0, wrong: 0 } });

test('a rollback through the executor opens the incident that its journal tells', async () => {
  const { engine, world } = await fakeEngine();
  await register(engine, '1.2.0', '1.3.0');
  await deploy(engine, to('1.2.0'));
  await deploy(engine, to('1.3.0', 10));
  world.counters.set('1.3.0', arm(321));
  await rollback(engine, rollbackRequest({ command: 'sofare rollback', reason: 'complaints' }));
  const incident = await readIncident(engine.store.read, '1');
  assert.deepEqual([incident.state, incident.from, incident.to, incident.impact.requests], ['mitigated', '1.3.0', '1.2.0', 321]);
  assert.deepEqual(
    incident.takenBack.map(({ kind, state }) => [kind, state]),
    [['deploy', 'superseded']],
  );
  assert.deepEqual(incident.moved.weights, { before: { '1.2.0': 90, '1.3.0': 10 }, after: { '1.2.0': 100 } });
  assert.equal(incident.moved.identity?.grade, 'answered');
  const { deployed, exposed, began, safe, verified, ended } = incident.milestones;
  const order = [deployed, exposed, began, safe, verified, ended].map((at) => at ?? assert.fail('every milestone was reached'));
  assert.deepEqual(
    order,
    order.toSorted((one, other) => one - other),
  );
});

test('a rollback that was stopped after it moved the traffic tells of both processes', async () => {
  let armed = false;
  const failpoints = {
    hit: (name: string) => {
      if (armed && name === 'route.after-apply') throw new Error('stopped');
    },
  };
  const { engine, another } = await fakeEngine({ failpoints });
  await register(engine, '1.2.0', '1.3.0');
  await deploy(engine, to('1.2.0'));
  await deploy(engine, to('1.3.0'));
  armed = true;
  await assert.rejects(rollback(engine, rollbackRequest()), /stopped/);
  armed = false;
  const before = await readIncident(engine.store.read, '1');
  assert.deepEqual([before.state, before.milestones.safe, before.operation.takeovers.length], ['open', null, 0]);
  await resume(another({ owner: 'host/boot/2/2' }), {
    ...request({ actor: 'bo' }),
    operation: before.operation.id,
    abandon: false,
  });
  const after = await readIncident(engine.store.read, '1');
  assert.equal(after.state, 'mitigated');
  assert.deepEqual(
    after.operation.takeovers.map(({ owner, because, after: state }) => [owner.process, because, state]),
    [['2', 'resumed by bo', 'interrupted']],
  );
  assert.match(incidentMarkdown(after, { chart: null }), /Process 2 on host took over: resumed by bo/);
});

test('where only the pointer moves the report says that nothing that serves was touched', async () => {
  const { engine } = await fakeEngine({ served: false });
  await register(engine, '1.0.0', '1.0.1');
  await deploy(engine, to('1.0.0'));
  await deploy(engine, to('1.0.1'));
  await rollback(engine, rollbackRequest());
  const incident = await readIncident(engine.store.read, '1');
  assert.deepEqual([incident.served, incident.milestones.verified, incident.impact.requests], [false, null, null]);
  assert.deepEqual(incident.moved.pointer, { before: '1.0.1', after: '1.0.0' });
  const report = incidentMarkdown(incident, { chart: null });
  assert.match(report, /The pointer of fraud-scorer went back to 1\.0\.0; nothing that serves was touched/);
  assert.doesNotMatch(report, /verified|traffic|share|sofare logs/i, 'it speaks of nothing that was not there');
  assert.equal((await listIncidents(engine.store.read, null, 5)).length, 1);
});
