import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configuration, Local } from '../fixtures/local.ts';

const golden = '    golden: [{ path: /v2/models/fraud/infer, body: "{}", json: "outputs[0].data[0]", equals: ok }]\n';

test('a version that answers a golden request wrong never gets traffic; one that answers it right does, healthy by TCP', async () => {
  const yaml = configuration(1, golden).replace(
    'health: { http: /v2/health/ready, within: 2s }',
    'health: { tcp: true, within: 2s }',
  );
  await using local = new Local({ yaml });
  await local.must(0, 'up', '--unsupervised');
  await local.must(0, 'register', '1.0.0', local.model('1.0.0'));
  await local.must(0, 'register', '1.1.0', local.model('1.1.0', { answer: 'wrong' }));
  await local.must(0, 'deploy', '1.0.0', '-y');
  const refused = await local.run(['deploy', '1.1.0', '-y', '-o', 'json']);
  assert.equal(refused.code, 7, refused.errors);
  const { operation } = JSON.parse(refused.output);
  assert.equal(operation.problem.touched, 'no');
  assert.match(operation.problem.why, /has "wrong" at outputs\[0\]\.data\[0\], not "ok"/);
  const { pointer, serving } = await local.service();
  assert.deepEqual([pointer, serving.find(({ version }: { version: string }) => version === '1.1.0')?.share ?? 0], ['1.0.0', 0]);
});
