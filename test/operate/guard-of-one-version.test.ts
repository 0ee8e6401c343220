import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from '../../src/model/errors.ts';
import { deploy } from '../../src/operate/deploy.ts';
import { guard } from '../../src/operate/guard.ts';
import { resume } from '../../src/operate/resume.ts';
import { fakeEngine, register, request } from '../fixtures/fake-engine.ts';

for (const [left, served] of [
  ['the first deploy of a service', true],
  ['a deploy of a registry alone', false],
] as const) {
  test(`a guard is refused where ${left} was left before its end, and resume ends it`, async () => {
    let armed = true;
    const hit = (name: string): void => {
      if (armed && name === 'end.before-commit') throw new Error('died');
    };
    const { engine, another } = await fakeEngine({ served, failpoints: { hit } });
    await register(engine, '1.0.0');
    await assert.rejects(deploy(engine, { ...request(), version: '1.0.0', shares: [100], every: 0 }), /died/);
    armed = false;
    await assert.rejects(
      guard(another(), { ...request(), for: 1_000 }),
      (error) =>
        error instanceof ProblemError &&
        error.problem.code === 'counters.absent' &&
        error.problem.what.includes('nothing to compare'),
    );
    const outcome = await resume(another(), { ...request(), operation: null, abandon: false });
    assert.equal(outcome.kind === 'ran' && outcome.operation.state, 'completed');
  });
}
