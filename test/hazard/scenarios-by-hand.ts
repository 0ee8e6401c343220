import { next, stable } from './killed-service.ts';
import { backToStable, registered, resting, type Scenario, unmark } from './scenario.ts';

const warm = '1h';
const later = '3.0.0';
const takenBack = resting(stable, { held: true, quarantined: [next] });

/** What a person asks for. */
export const byHand: readonly Scenario[] = [
  {
    kind: 'deploy',
    effects: ['wake', 'route'],
    set: registered,
    words: ['deploy', next, '-y'],
    wanted: resting(next),
    clean: backToStable,
  },
  {
    kind: 'promote',
    effects: ['route'],
    keeps: warm,
    set: registered,
    prepare: async (service) => void (await service.must(0, 'deploy', next, '--steps', '10', '-y')),
    words: ['promote', '-y'],
    wanted: resting(next),
    clean: backToStable,
  },
  {
    kind: 'abort',
    effects: ['route'],
    keeps: warm,
    set: registered,
    prepare: async (service) => void (await service.must(0, 'deploy', next, '--steps', '10', '-y')),
    words: ['abort', '-y'],
    wanted: resting(stable),
  },
  {
    kind: 'rollback',
    effects: ['route'],
    keeps: warm,
    set: registered,
    prepare: async (service) => void (await service.must(0, 'deploy', next, '-y')),
    words: ['rollback', '--reason', 'worse answers', '-y'],
    wanted: takenBack,
    clean: unmark,
  },
  {
    kind: 'rollback-of-a-canary',
    effects: ['route'],
    keeps: warm,
    set: registered,
    prepare: async (service) => void (await service.must(0, 'deploy', next, '--steps', '10', '-y')),
    words: ['rollback', '-y'],
    wanted: takenBack,
    clean: unmark,
  },
  {
    kind: 'rollback-in-steps',
    effects: ['route'],
    keeps: warm,
    set: registered,
    prepare: async (service) => void (await service.must(0, 'deploy', next, '-y')),
    words: ['rollback', '--steps', '50,100', '--every', '100ms', '-y'],
    wanted: takenBack,
    clean: unmark,
  },
  {
    kind: 'rollback-to-a-cold-version',
    effects: ['wake', 'route'],
    set: async (service) => {
      await registered(service);
      await service.register(later);
    },
    prepare: async (service) => {
      await service.must(0, 'deploy', next, '-y');
      await service.must(0, 'deploy', later, '-y');
    },
    words: ['rollback', '--to', stable, '-y'],
    wanted: resting(stable, { held: true, quarantined: [later] }),
    clean: async (service) => {
      await service.must(0, 'unhold');
      await service.must(0, 'unquarantine', later);
    },
  },
  {
    kind: 'resume',
    effects: ['route'],
    keeps: warm,
    set: registered,
    prepare: async (service) => service.killed(['deploy', next, '-y'], { name: 'route.after-apply', nth: 1 }),
    words: ['resume', '-y'],
    wanted: resting(next),
    clean: backToStable,
  },
];
