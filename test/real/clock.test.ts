import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { hostClient } from '../../src/adapters/kit/host-client.ts';
import { Load } from '../fixtures/load.ts';
import { configuration, Local } from '../fixtures/local.ts';
import { MovedClock } from '../fixtures/moved-clock.ts';
import { until } from '../host/fixtures/test-host.ts';
import { contentOf } from '../fixtures/disk/registry-content.ts';

const hour = 3_600;
const stage = 3_000;

const settings = `    guard: { deadline: 60s }
    labels: { answer: "outputs[0].data[0]", wait: 10m }
`;

for (const moved of [hour, -hour]) {
  const how = moved > 0 ? 'forward' : 'back';
  test(`a wall clock moved ${how} by an hour in the middle of a guarded deploy changes neither its length nor its end`, async (context) => {
    using clock = new MovedClock();
    const yaml = configuration(1, settings).replace('bake: { for: 0s, requests: 0 }', 'bake: { for: 1s, requests: 0 }');
    await using local = new Local({ yaml: yaml.replace('warm: 0s', 'warm: 1h'), environment: clock.environment });
    await local.must(0, 'up', '--unsupervised');
    for (const version of ['1.0.0', '1.1.0']) await local.must(0, 'register', version, local.model(version));
    await local.must(0, 'deploy', '1.0.0', '-y');
    const client = hostClient(join(local.directory, '.sofare', 'host'));
    const { address } = await local.service();
    const load = new Load(address, 150);
    await load.answered(200);

    const deploy = local.run(['deploy', '1.1.0', '--steps', '30,100', '--every', `${stage}ms`, '-y']);
    await until('the canary has its share', async () => {
      const { weights } = (await client.service('fraud-scorer', AbortSignal.timeout(10_000))) ?? {
        weights: {} as Record<string, number>,
      };
      return weights['1.1.0'] === 30 ? true : undefined;
    });
    clock.move(moved);
    const from = performance.now();
    const ended = await deploy;
    const took = performance.now() - from;
    assert.equal(ended.code, 0, ended.errors);
    // Not less than the stage, but for the look that may have been under way; and the guard's own deadline bounds it.
    assert.ok(took >= stage - 1_500 && took < 60_000, `${took} ms after the clock was moved`);

    // Labels of answers from before and after: what comes too late is called so, nothing is counted twice.
    const labelled = load.answers.slice(-50).map(({ id, version }) => JSON.stringify({ id, label: version ?? '' }));
    const receipt = await client.label('fraud-scorer', labelled.join('\n'), AbortSignal.timeout(10_000));
    assert.ok(receipt.scored > 0, JSON.stringify(receipt));
    assert.equal(receipt.scored + receipt.late + receipt.unknown, labelled.length);

    // What is due by a clock moved back comes when that clock has come there again.
    if (moved < 0) clock.move(0);
    await until('the bake is over', async () => {
      await local.must(0, 'resume', '--due');
      return (await historyOf(local)).includes('baked 1.1.0') ? true : undefined;
    });
    const running = (await local.service()).serving.map(({ version }: { version: string }) => version).sort();
    assert.deepEqual(running, ['1.0.0', '1.1.0'], 'where one would go back to is still warm');

    clock.move(-moved);
    await local.must(0, 'rollback', '--reason', 'a test', '-y');
    const { pointer, operation, differences } = await local.service();
    assert.deepEqual({ pointer, operation, differences }, { pointer: '1.0.0', operation: null, differences: [] });
    assert.deepEqual(
      (await historyOf(local)).filter((line) => line.startsWith('pointed')),
      ['pointed 1.0.0', 'pointed 1.1.0', 'pointed 1.0.0'],
    );
    await load.stop();
    client.close();
    assert.deepEqual(load.lost, []);
    context.diagnostic(`the stage of ${stage} ms ended ${Math.round(took)} ms after the clock was moved`);
  });

  test(`what a dead process left is carried on within a minute though the wall clock is moved ${how} by an hour`, async (context) => {
    using clock = new MovedClock();
    await using local = new Local({ environment: clock.environment });
    await local.must(0, 'up');
    for (const version of ['1.0.0', '1.1.0']) await local.must(0, 'register', version, local.model(version));
    await local.must(0, 'deploy', '1.0.0', '-y');
    const killed = await local.run(['deploy', '1.1.0', '-y'], { SOFARE_FAILPOINT: 'route.before-apply:1:kill' });
    assert.equal(killed.signal, 'SIGKILL', killed.errors);
    clock.move(moved);
    const from = performance.now();
    await until('it is carried on', async () => {
      const { operation, pointer } = await local.service();
      return operation === null && pointer === '1.1.0' ? true : undefined;
    });
    context.diagnostic(`carried on after ${Math.round(performance.now() - from)} ms`);
  });
}

/** By sequence, whatever the clock said. */
async function historyOf(local: Local): Promise<readonly string[]> {
  return (await contentOf(join(local.directory, '.sofare', 'registry'), 'fraud', 'fraud-scorer')).history;
}
