import assert from 'node:assert/strict';
import { type KilledService, next, stable } from './killed-service.ts';
import { backToStable, registered, resting, type Scenario, unmark } from './scenario.ts';

/** The stages of a guard end when the evidence is there, so there are many requests and nothing is left to chance. */
const guarded = { keeps: '1h', load: 200, waits: true, effects: ['route'] } as const;
const inSteps = ['deploy', next, '--steps', '80,100', '--every', '1s', '-y'];

/** Registered, and running already each time that the change begins, the first as the others. */
async function warm(service: KilledService, failing: number): Promise<void> {
  await service.register(next, { failing });
  await service.must(0, 'deploy', next, '--steps', '10', '-y');
  await service.must(0, 'abort', '-y');
}

/** The guard compares with fresh copies of the stable version, which are gone when it has decided. */
const beside: Pick<Scenario, 'effects' | 'more' | 'holds'> = {
  effects: ['wake', 'route'],
  more: '    guard: { baseline: fresh }\n',
  holds: async (service) => {
    const left = (await service.running()).filter((name) => name.includes('@'));
    assert.deepEqual(left, [], 'the fresh copies are stopped');
  },
};

/** What a guard decides, and what follows from its verdict. */
export const byGuard: readonly Scenario[] = [
  {
    ...guarded,
    kind: 'deploy-in-steps-under-guard',
    set: (service) => warm(service, 0),
    words: inSteps,
    wanted: resting(next),
    clean: backToStable,
  },
  {
    ...guarded,
    kind: 'abort-by-guard',
    set: (service) => warm(service, 0.8),
    words: inSteps,
    ends: 8,
    wanted: resting(stable, { held: true, quarantined: [next] }),
    clean: unmark,
  },
  {
    ...guarded,
    ...beside,
    // Beside copies that have no more requests than it a version passes later.
    load: 300,
    kind: 'deploy-beside-fresh-copies',
    set: (service) => warm(service, 0),
    words: ['deploy', next, '--steps', '40,100', '--every', '1s', '-y'],
    wanted: resting(next),
    clean: backToStable,
  },
  {
    ...guarded,
    ...beside,
    kind: 'abort-by-guard-beside-fresh-copies',
    set: (service) => warm(service, 0.8),
    words: ['deploy', next, '--steps', '40,100', '--every', '1s', '-y'],
    ends: 8,
    wanted: resting(stable, { held: true, quarantined: [next] }),
    clean: unmark,
  },
  {
    ...guarded,
    kind: 'promote-by-guard',
    set: registered,
    prepare: async (service) => void (await service.must(0, 'deploy', next, '--steps', '80', '-y')),
    words: ['guard', '--for', '1s'],
    wanted: resting(next),
    clean: backToStable,
  },
];
