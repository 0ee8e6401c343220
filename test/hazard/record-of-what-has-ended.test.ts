import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { hostClient } from '../../src/adapters/kit/host-client.ts';
import { resumptions } from '../../src/host/supervise-operations.ts';
import { Local } from '../fixtures/local.ts';

test('an operation whose process died between its end and saying so is not carried on for ever', async () => {
  await using local = new Local();
  await local.must(0, 'up', '--unsupervised');
  await local.must(0, 'register', '1.0.0', local.model('1.0.0'));
  const killed = await local.run(['deploy', '1.0.0', '-y'], { SOFARE_FAILPOINT: 'end.after-commit:1:kill' });
  assert.equal(killed.signal, 'SIGKILL', killed.errors);
  const client = hostClient(join(local.directory, '.sofare', 'host'));
  /** What the supervisor would carry on now, with every owner gone. */
  const left = async () => {
    const { value } = await client.record('fraud-scorer', AbortSignal.timeout(10_000));
    return resumptions('fraud-scorer', value, 0, () => true);
  };
  const [operation] = await left();
  assert.ok(operation);
  await local.must(0, 'resume', operation.operation ?? '--due', '--no-input', '-q');
  assert.deepEqual(await left(), []);
  client.close();
});
