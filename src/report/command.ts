import type { Plan } from '../model/plan.ts';

/** What a command needs besides its own words, such as `--model fraud --registry DIR`. */
export type Flags = readonly string[];

/** A word as a shell takes it back unchanged. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A command to paste. */
export function command(words: readonly string[], flags: Flags = []): string {
  return ['sofare', ...words, ...flags].map(quoted).join(' ');
}

/** The command that makes and carries out this plan again, without asking; with a file, exactly this plan. */
export function commandOfPlan(plan: Plan, file: string | null, flags: Flags = []): string {
  if (plan.kind === 'rollback' && file !== null) return command(['rollback', '--apply', file, '-y'], flags);
  switch (plan.kind) {
    case 'rollback':
      return command(
        ['rollback', ...serviceOf(plan, flags), ...(plan.targetNamed ? ['--to', plan.to] : []), ...steps(plan), '-y'],
        flags,
      );
    case 'deploy':
      return command(['deploy', flags.length > 0 ? plan.to : `${plan.service}@${plan.to}`, ...steps(plan), '-y'], flags);
    case 'promote':
    case 'abort':
    case 'drill':
      return command([plan.kind, ...serviceOf(plan, flags), '-y'], flags);
  }
}

/** Of a registry alone the flags say which: a service is not named beside them. */
export function serviceOf(plan: Pick<Plan, 'service'>, flags: Flags): readonly string[] {
  return flags.includes('--model') ? [] : [plan.service];
}

function steps(plan: Plan): readonly string[] {
  if (plan.policy) return ['--canary', plan.policy.file];
  const shares = plan.steps.flatMap((step) => (step.kind === 'route' ? [step.weights[plan.to] ?? 0] : []));
  if (shares.length === 0 || (shares.length === 1 && shares[0] === 100)) return [];
  const bake = plan.steps.find((step) => step.kind === 'bake');
  return ['--steps', shares.join(','), ...(bake ? ['--every', `${bake.for / 1000}s`] : [])];
}
