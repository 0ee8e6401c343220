import { next, stable } from './killed-service.ts';
import { registered, resting, type Scenario } from './scenario.ts';

const marks: readonly Scenario[] = [
  {
    kind: 'hold',
    effects: [],
    words: ['hold'],
    wanted: resting(stable, { held: true }),
    clean: async (service) => void (await service.must(0, 'unhold')),
  },
  {
    kind: 'unhold',
    effects: [],
    prepare: async (service) => void (await service.must(0, 'hold')),
    words: ['unhold'],
    wanted: resting(stable),
  },
  {
    kind: 'quarantine',
    effects: [],
    set: registered,
    words: ['quarantine', next],
    wanted: resting(stable, { quarantined: [next] }),
    clean: async (service) => void (await service.must(0, 'unquarantine', next)),
  },
  {
    kind: 'unquarantine',
    effects: [],
    set: registered,
    prepare: async (service) => void (await service.must(0, 'quarantine', next)),
    words: ['unquarantine', next],
    wanted: resting(stable),
  },
];

/** Marks that one transaction sets. Given again after a kill, each ends in the same state. */
export const ofMarks: readonly Scenario[] = marks.map((scenario) => ({ ...scenario, recovery: scenario.words }));
