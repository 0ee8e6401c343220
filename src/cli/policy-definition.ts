import type { Definition } from './definition.ts';

export const policyDefinition: Definition = {
  usage: 'policy <action> <file>',
  summary: 'lint FILE: what a rollout policy does, refuses and could show',
  load: () => import('./commands/policy.ts'),
  options: [
    ['--strict', 'refuse what Argo refuses'],
    ['--traffic <rate>', 'requests a second, for the estimates; 10 by default'],
    ['--errors <rate>', "the stable version's error rate, for the estimates; 1% by default"],
  ],
};
