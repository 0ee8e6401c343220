import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Engine } from '../../src/execute/engine.ts';
import { deploy } from '../../src/operate/deploy.ts';
import { noFailpoints } from '../../src/ports/failpoints.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import { canaryPolicy } from '../fixtures/canary-policy.ts';
import { request } from '../fixtures/fake-engine.ts';
import { manyServices } from '../fixtures/many-services.ts';
import { passingClock } from '../fixtures/passing-clock.ts';

const minute = 60_000;
const hour = 60 * minute;
const metric = `name: score
interval: 5m
count: 3
successCondition: result == 1
provider:
  web: { url: "http://127.0.0.1/score" }
`;
const stages = {
  'a pause of ten minutes': canaryPolicy({ canary: 'steps:\n  - setWeight: 20\n  - pause: { duration: 10m }' }),
  'three measurements five minutes apart': canaryPolicy({
    canary: 'steps:\n  - setWeight: 20\n  - analysis: { templates: [{ templateName: t }] }',
    metric,
  }),
};

for (const [stage, text] of Object.entries(stages))
  for (const moved of [hour, -hour])
    test(`a wall clock moved by ${moved / hour} h neither shortens nor prolongs ${stage}`, async (t) => {
      const clock = passingClock();
      let [off, looks] = [0, 0];
      const wall = { ...clock, now: () => clock.now() + off };
      const store = await openSqlite({ file: ':memory:', readOnly: false, clock: wall, failpoints: noFailpoints });
      t.after(() => store.close());
      const [made] = await manyServices(store, 1, {
        clock: wall,
        before: (call) => {
          if (call === 'observe') looks += 1;
          assert.ok(looks < 1_500, 'it looks twice a second, not as often as it can');
        },
      });
      assert.ok(made);
      let since: number | null = null;
      const engine: Engine = {
        ...made.engine,
        metrics: { missing: async () => [], measure: async () => ({ kind: 'json', document: 1 }) },
        announce: (_operation, event) => {
          if (event.kind !== 'measured') return;
          since ??= clock.monotonic();
          if (event.canary.inline === null || event.canary.inline.results.length > 0) off = moved;
        },
      };
      const policy = { file: 'policy.yaml', text };
      const outcome = await deploy(engine, { ...request(), version: '2.0.0', shares: [100], every: 0, policy });
      assert.equal(outcome.kind === 'ran' && outcome.operation.state, 'completed', JSON.stringify(outcome));
      const took = clock.monotonic() - (since ?? 0);
      assert.ok(took >= 10 * minute && took < 11 * minute, `${took} ms`);
    });
