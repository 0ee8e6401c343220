import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from '../../src/model/errors.ts';
import { deploy } from '../../src/operate/deploy.ts';
import { changeMarks } from '../../src/operate/marks.ts';
import { setHold } from '../../src/registry/hold.ts';
import { readService } from '../../src/registry/services.ts';
import { fakeEngine, register, request } from '../fixtures/fake-engine.ts';

test('a hold that is set while a claim above the record is at work stands, and its command has not failed', async () => {
  const { engine, world } = await fakeEngine();
  await register(engine, '1.0.0');
  await deploy(engine, { ...request(), version: '1.0.0', shares: [100], every: 0 });
  const { signal } = new AbortController();
  let refused = 0;
  world.faults.before = (call) => {
    if (call !== 'swap') return;
    refused += 1;
    throw new ProblemError({
      code: 'superseded',
      what: 'fence 1 is below 2',
      why: 'another one',
      touched: 'no',
      next: 'sofare status',
    });
  };
  await changeMarks(engine, 'hold', signal, (transaction, at) =>
    setHold(transaction, engine.service.name, { since: at, reason: 'a freeze', actor: 'ana', operation: null }),
  );
  assert.equal(refused, 1);
  assert.equal((await readService(engine.store.read, engine.service.name))?.hold?.reason, 'a freeze');
});
