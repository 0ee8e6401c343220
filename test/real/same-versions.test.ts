import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { test } from 'node:test';
import { Load } from '../fixtures/load.ts';
import { configuration, Local } from '../fixtures/local.ts';

/** Services beside one another, and canaries of each in turn: half of them before the two busy loops begin. */
const services = ['one', 'two', 'three', 'four'];
const canariesOfEach = 10;

/** Two processes that do nothing but compute: a machine whose cores are taken. */
function busyLoops(): () => void {
  const loops = [1, 2].map(() => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }));
  return () => {
    for (const loop of loops) loop.kill('SIGKILL');
  };
}

/** The one service of the usual configuration, as often as there are names. */
function severalServices(): string {
  const [head = '', service = ''] = configuration(1, '    guard: { deadline: 120s }\n').split('  fraud-scorer:\n');
  return `${head}${services.map((name) => `  ${name}:\n${service}`).join('')}`;
}

test('of forty canaries that are the same as the stable version, half beside two busy loops, none is rolled back', async (context) => {
  await using local = new Local({ yaml: severalServices() });
  await local.must(0, 'up', '--unsupervised');
  const versions = Array.from({ length: canariesOfEach + 1 }, (_, number) => `1.0.${number}`);
  for (const version of versions) await local.must(0, 'register', 'one', version, local.model(version, { failing: 0.02 }));
  for (const service of services) await local.must(0, 'deploy', `${service}@1.0.0`, '-y');
  const { services: found } = await local.document('status');
  const loads = found.map(({ address }: { address: string }) => new Load(address, 100)) as Load[];
  await Promise.all(loads.map((load) => load.answered(300)));
  const ends: (number | null)[] = [];
  const canaries = async (service: string, half: readonly string[]): Promise<void> => {
    for (const version of half) {
      const ended = await local.run([
        'deploy',
        `${service}@${version}`,
        '--steps',
        '30,100',
        '--every',
        '3s',
        '-y',
        '-o',
        'json',
      ]);
      assert.notEqual(ended.code, 8, ended.output);
      ends.push(ended.code);
    }
  };
  const middle = 1 + canariesOfEach / 2;
  await Promise.all(services.map((service) => canaries(service, versions.slice(1, middle))));
  const quiet = busyLoops();
  try {
    await Promise.all(services.map((service) => canaries(service, versions.slice(middle))));
  } finally {
    quiet();
  }
  await Promise.all(loads.map((load) => load.stop()));
  const lost = loads.flatMap((load) => load.lost);
  context.diagnostic(
    `${loads.reduce((sum, { answers }) => sum + answers.length, 0)} requests, ${lost.length} lost; ends: ${ends.join(' ')}`,
  );
  assert.deepEqual(
    ends,
    services.flatMap(() => Array.from({ length: canariesOfEach }, () => 0)),
  );
  assert.deepEqual(lost, []);
});
