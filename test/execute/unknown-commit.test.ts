import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Engine } from '../../src/execute/engine.ts';
import { readJournal } from '../../src/execute/journal.ts';
import { listOperations } from '../../src/execute/read.ts';
import { ProblemError } from '../../src/model/errors.ts';
import { deploy } from '../../src/operate/deploy.ts';
import { resume } from '../../src/operate/resume.ts';
import { readHistory } from '../../src/registry/history.ts';
import { UnknownCommit } from '../../src/store/unknown-commit.ts';
import { fakeEngine, register, request } from '../fixtures/fake-engine.ts';

for (const name of ['create', 'route.intent', 'route.done', 'confirm.done', 'end']) {
  for (const kept of [true, false]) {
    test(`the answer to ${name} is lost, and it was ${kept ? '' : 'not '}kept: nothing is done from memory, and a successor ends it once`, async () => {
      const fake = await fakeEngine();
      await register(fake.engine, '1.0.0');
      let lost = false;
      const engine: Engine = {
        ...fake.engine,
        store: {
          ...fake.engine.store,
          transaction: async (unit, ...given) => {
            if (lost) assert.fail(`${unit} was asked for, though nobody knows what the journal says`);
            if (unit !== name) return fake.engine.store.transaction(unit, ...given);
            lost = true;
            if (kept) await fake.engine.store.transaction(unit, ...given);
            throw new UnknownCommit('a server', new Error('gone'));
          },
        },
      };
      const asked = { ...request(), version: '1.0.0', shares: [100], every: 0 };
      const told = await deploy(engine, asked).then(
        ({ kind }) => kind,
        (error: unknown) => (error instanceof ProblemError ? error.problem.code : String(error)),
      );
      // Where it can be read again that the operation has ended, it has.
      assert.equal(told, name === 'create' ? 'outcome.unknown' : name === 'end' && kept ? 'ran' : 'interrupted');
      const other = fake.another();
      const [begun] = await listOperations(other.store.read, 'fraud-scorer', 1);
      assert.equal(begun !== undefined, name !== 'create' || kept);
      if (begun) await resume(other, { ...request(), operation: begun.id, abandon: false });
      else await deploy(other, asked);
      const [operation] = await listOperations(other.store.read, 'fraud-scorer', 1);
      assert.equal(operation?.state, 'completed');
      const done = (await readJournal(other.store.read, operation?.id ?? '')).filter(({ event }) => event.kind === 'step-done');
      assert.equal(done.length, operation?.plan.steps.length);
      const kinds = (await readHistory(other.store.read, 'fraud-scorer')).map(({ kind }) => kind);
      assert.deepEqual(kinds.filter((kind) => kind === 'share' || kind === 'pointed').sort(), ['pointed', 'share']);
    });
  }
}
