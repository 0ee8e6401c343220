import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Local } from '../fixtures/local.ts';

async function withThree(): Promise<Local> {
  const local = new Local();
  await local.must(0, 'up', '--unsupervised');
  for (const version of ['1.1.0', '1.2.0', '1.3.0']) {
    await local.must(0, 'register', version, local.model(version));
    await local.must(0, 'deploy', version, '-y');
  }
  return local;
}

const current = async (local: Local): Promise<string> => (await local.must(0, 'current')).output.trim();

test('rollback pressed ten times, in turn and from two terminals at once, is one step back', async () => {
  await using local = await withThree();
  const presses = await Promise.all(Array.from({ length: 4 }, () => local.run(['rollback', '-y'])));
  assert.deepEqual(
    presses.map(({ code, errors }) => [code, code === 0 ? '' : errors]),
    presses.map(() => [0, '']),
  );
  for (let press = 4; press < 10; press += 1) await local.must(0, 'rollback');
  assert.equal(await current(local), '1.2.0');
  assert.equal((await local.document('history')).ledger.filter(({ what }: { what: string }) => what === 'rollback').length, 1);
});

test('rollback during a canary and again after it is one step back, to the stable version', async () => {
  await using local = await withThree();
  await local.must(0, 'register', '1.4.0', local.model('1.4.0'));
  await local.must(0, 'deploy', '1.4.0', '--steps', '10', '-y');
  for (let press = 0; press < 3; press += 1) await local.must(0, 'rollback');
  assert.equal(await current(local), '1.3.0');
});

test('rollback --version X goes to X; -V and --help do nothing but print', async () => {
  await using local = await withThree();
  const { version } = JSON.parse((await local.must(0, 'version', '-o', 'json')).output);
  assert.equal((await local.must(0, '-V')).output.trim(), version);
  assert.match((await local.must(0, 'rollback', '--help')).output, /--supersede/);
  assert.match((await local.must(0, '--help')).output, /rollback/);
  assert.equal(await current(local), '1.3.0');
  await local.must(0, 'rollback', '--version', '1.1.0');
  assert.equal(await current(local), '1.1.0');
});

test('a plan that was written is carried out only while the world is as it was', async () => {
  await using local = await withThree();
  assert.equal((await local.run(['rollback', '--plan', '--out', 'plan.json'])).code, 6);
  assert.equal(await current(local), '1.3.0');
  await local.must(0, 'register', '1.4.0', local.model('1.4.0'));
  await local.must(0, 'deploy', '1.4.0', '-y');
  const stale = await local.run(['rollback', '--apply', 'plan.json']);
  assert.equal(stale.code, 4);
  assert.match(stale.errors, /plan\.stale/);
  assert.equal((await local.run(['rollback', '--plan', '--out', 'plan.json'])).code, 6);
  await local.must(0, 'rollback', '--apply', 'plan.json', '-y');
  assert.equal(await current(local), '1.3.0');
});

test('--from refuses when another version serves', async () => {
  await using local = await withThree();
  const refused = await local.run(['rollback', '--from', '1.2.0', '-o', 'json']);
  assert.equal(refused.code, 4);
  assert.deepEqual(
    { code: JSON.parse(refused.output).code, production: JSON.parse(refused.output).production },
    { code: 'from.differs', production: 'untouched' },
  );
  await local.must(0, 'rollback', '--from', '1.3.0');
  assert.equal(await current(local), '1.2.0');
});

test('a rollback in steps moves share by share, with health after each', async () => {
  await using local = await withThree();
  const { errors } = await local.must(0, 'rollback', '--steps', '10,50,100', '--every', '1s', '-y');
  const routes = [...errors.matchAll(/✓ route (.*?) in /g)].map(([, weights]) => weights);
  assert.deepEqual(routes, ['1.3.0 90%, 1.2.0 10%', '1.3.0 50%, 1.2.0 50%', '1.2.0 100%']);
  assert.equal(errors.match(/✓ bake/g)?.length, 2);
  assert.equal(await current(local), '1.2.0');
});

test('a second changing command is told who holds the lane, and changes nothing', async () => {
  await using local = await withThree();
  await local.must(0, 'register', '1.4.0', local.model('1.4.0'));
  await local.must(0, 'register', '1.5.0', local.model('1.5.0'));
  await local.must(0, 'deploy', '1.4.0', '--steps', '10', '-y');
  const refused = await local.run(['deploy', '1.5.0', '-y']);
  assert.equal(refused.code, 5);
  assert.match(refused.errors, /lane\.taken[\s\S]*sofare promote fraud-scorer/);
  await local.must(0, 'promote', '-y');
  assert.equal(await current(local), '1.4.0');
});

test('a rollback that was detached is carried out by the local host', async () => {
  await using local = new Local();
  for (const version of ['1.1.0', '1.2.0']) {
    await local.must(0, 'register', version, local.model(version));
    await local.must(0, 'deploy', version, '-y');
  }
  assert.equal((await local.run(['rollback', '--detach', '-y'])).code, 12);
  const deadline = Date.now() + 60_000;
  while ((await local.service()).operation !== null && Date.now() < deadline);
  assert.equal(await current(local), '1.1.0');
});
