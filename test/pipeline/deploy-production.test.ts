import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { parse } from 'yaml';
import { Load } from '../fixtures/load.ts';
import { configuration, Local, type Model } from '../fixtures/local.ts';
import { logged, programFolder, runJob } from './runner.ts';

const checkout = join(import.meta.dirname, '..', '..');
const workflow = 'examples/pipeline/deploy-production.yml';

/** A service under load, and the files of a version that the pipeline is to bring. */
async function production(t: TestContext, next: Model): Promise<Local> {
  const local = new Local({ yaml: configuration(1, '    guard: { deadline: 60s }\n') });
  await local.must(0, 'up', '--unsupervised');
  await local.must(0, 'register', '1.0.0', local.model('1.0.0'));
  await local.must(0, 'deploy', '1.0.0', '-y');
  local.model('1.1.0', next);
  const load = new Load((await local.service()).address, 150);
  await load.answered(200);
  t.after(async () => {
    await load.stop();
    await local[Symbol.asyncDispose]();
  });
  return local;
}

test('the job fails when the canary is taken back, and its outputs, summary and one annotation say so', async (t) => {
  const local = await production(t, { failing: 0.3 });
  const { failed, done } = await runJob(local, workflow, 'deploy-production', { version: '1.1.0' });
  assert.equal(failed, true);
  assert.deepEqual(
    done.map(({ name, code }) => [name, code]),
    [
      ['Register the version', 0],
      ['Deploy Canary', 0],
      ['Monitor Deployment', 8],
      ['Tell what happened', 0],
    ],
  );
  const monitor = done[2]!;
  const { result, rollback, changed, from, to, incident, reason } = monitor.outputs;
  assert.deepEqual(
    { result, rollback, changed, from, to, incident },
    { result: 'taken-back', rollback: 'true', changed: 'true', from: '1.1.0', to: '1.0.0', incident: 'INC-1' },
  );
  assert.match(reason ?? '', /^errors of 1\.1\.0/);
  assert.match(monitor.summary, /^# Incident Report/);
  assert.equal(monitor.log.match(/^::\w+ /gm)?.length, 1, monitor.log);
  assert.match(monitor.log, /^::error title=fraud-scorer%3A taken-back::.*INC-1/m);
  assert.match(done[3]!.log, /result taken-back, incident INC-1/);
});

test('the job passes when the canary is as good, and the history names the run', async (t) => {
  const local = await production(t, {});
  const { failed, done } = await runJob(local, workflow, 'deploy-production', { version: '1.1.0' });
  assert.equal(failed, false, done.map(({ log }) => log).join('\n'));
  assert.equal(done[2]!.outputs['result'], 'done');
  assert.equal(done[2]!.outputs['rollback'], 'false');
  assert.match(done[2]!.log, /^::notice title=fraud-scorer%3A done::/m);
  assert.equal((await local.service()).pointer, '1.1.0');
  const { ledger } = await local.document('history');
  const deploy = ledger.find(({ what, to }: { what: string; to: string }) => what === 'deploy' && to === '1.1.0');
  assert.match(deploy.why, /run 1841 of acme\/fraud, by ana$/);
});

test('a step that is refused says so in its outputs and one annotation, and touches nothing', async (t) => {
  const local = await production(t, {});
  const environment = { GITHUB_ACTIONS: 'true', GITHUB_OUTPUT: '', GITHUB_STEP_SUMMARY: '' };
  const action = (inputs: Readonly<Record<string, string>>) =>
    logged([process.execPath, join(checkout, 'action', 'main.js')], local.directory, { ...environment, ...inputs });
  const unknown = await action({ INPUT_COMMAND: 'deploy', INPUT_VERSION: '9.9.9' });
  assert.equal(unknown.code, 3, unknown.log);
  assert.match(unknown.log, /^::error title=sofare%3A refused::.*no version 9\.9\.9/m);
  const ignored = await action({ INPUT_COMMAND: 'guard', INPUT_STEPS: '10' });
  assert.deepEqual([ignored.code, /guard takes no steps/.test(ignored.log)], [2, true]);
  const option = await action({ INPUT_COMMAND: 'rollback', INPUT_SERVICE: '--emergency' });
  assert.deepEqual([option.code, /no name of a service/.test(option.log)], [2, true]);
  assert.equal((await local.service()).pointer, '1.0.0');
});

test('the GitLab example fails the job when the canary is taken back, and keeps the report', async (t) => {
  const local = await production(t, { failing: 0.3 });
  const text = readFileSync(join(checkout, 'examples/pipeline/.gitlab-ci.yml'), 'utf8');
  const { script, after_script: after, artifacts } = parse(text)['deploy-production'];
  const environment = {
    MODEL_VERSION: '1.1.0',
    CI_PIPELINE_ID: '77',
    GITLAB_USER_LOGIN: 'ana',
    PATH: `${programFolder(local)}:${process.env['PATH'] ?? ''}`,
  };
  const bash = (lines: readonly string[]) => logged(['bash', '-e', '-c', lines.join('\n')], local.directory, environment);
  const { code, log } = await bash(script);
  assert.equal(code, 8, log);
  await bash(after);
  for (const file of artifacts.paths) assert.ok(readFileSync(join(local.directory, file), 'utf8').length > 500, file);
});
