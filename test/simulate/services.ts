import type { Service } from '../../src/model/service.ts';

/** One that is served, and one that is only a registry: the second has the step that moves nothing but the pointer. */
export const served: Service = {
  name: 'fraud-scorer',
  model: 'fraud',
  serving: {
    target: {
      kind: 'process',
      command: ['model'],
      directory: '/',
      copies: 2,
      environment: {},
      readiness: { http: '/ready' },
      readyWithin: 2_000,
      stopWithin: 2_000,
      warmup: { requests: 0, golden: null },
    },
    traffic: { kind: 'proxy', listen: '127.0.0.1:0', metrics: null },
    identity: { http: '/version', json: 'version' },
    least: 'answered',
    health: { http: '/health', within: 250 },
    signals: { errors: true, latency: false },
    labels: null,
  },
  bake: { for: 10_000, requests: 100 },
  guard: { alpha: 0.01, tolerate: 1.25, deadline: 15_000, onUndecided: 'pause' },
  act: 'rollback',
  keep: { knownGood: 2, warm: 8_000 },
};

/** The same, whose canaries are compared with fresh copies of the stable version. */
export const servedBeside: Service = { ...served, guard: { ...served.guard, baseline: 'fresh' } };

export const registryOnly: Service = { ...served, name: 'rank', model: 'rank', serving: null };
