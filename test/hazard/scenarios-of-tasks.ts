import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type KilledService, next, stable } from './killed-service.ts';
import { backToStable, registered, resting, type Scenario, unmark } from './scenario.ts';

const due = ['resume', '--due'];
const registry = ({ local }: KilledService): string => join(local.directory, '.sofare', 'registry');
const backups = (service: KilledService): string => join(registry(service), 'backup');
const told = ({ local }: KilledService): string => join(local.directory, 'told.ndjson');

/** A change that ended, and whose process died before it did what is due afterwards. */
async function endedAndDead(service: KilledService, words: readonly string[]): Promise<void> {
  rmSync(told(service), { force: true });
  rmSync(backups(service), { recursive: true, force: true });
  await service.killed(words, { name: 'end.after-commit', nth: 1 });
}

async function toldAndBackedUp(service: KilledService): Promise<void> {
  assert.ok(existsSync(told(service)), 'nobody was told');
  // What a server keeps is backed up by its own means.
  if (existsSync(join(registry(service), 'sofare.db')))
    assert.ok(readdirSync(backups(service)).some((file) => file.endsWith('.db')));
}

/** What is left to do when an operation has ended: backup, telling the team, stopping what nobody needs, the end of a bake. */
export const ofTasks: readonly Scenario[] = [
  {
    kind: 'tasks-of-a-deploy',
    effects: [],
    set: registered,
    prepare: (service) => endedAndDead(service, ['deploy', next, '-y']),
    words: due,
    recovery: due,
    wanted: resting(next),
    holds: async (service) => {
      await toldAndBackedUp(service);
      assert.deepEqual(await service.running(), [stable, next], 'the next target of a rollback stays');
    },
    clean: backToStable,
  },
  {
    kind: 'tasks-of-a-rollback',
    effects: [],
    set: registered,
    prepare: async (service) => {
      await service.must(0, 'deploy', next, '-y');
      await endedAndDead(service, ['rollback', '-y']);
    },
    words: due,
    recovery: due,
    wanted: resting(stable, { held: true, quarantined: [next] }),
    holds: async (service) => {
      await toldAndBackedUp(service);
      assert.deepEqual(await service.running(), [stable], 'what was left is stopped');
    },
    clean: unmark,
  },
];
