import type { Engine } from '../execute/engine.ts';
import { fail } from '../model/errors.ts';

interface Shares {
  readonly shares: readonly number[];
  /** Time at each share under 100, in ms; 0: nothing watches. */
  readonly every: number;
}

/** Fails before anything moves where the traffic path cannot be split as it is asked. */
export function requireSplit({ service, world }: Engine, { shares }: Pick<Shares, 'shares'>): void {
  if (!world || world.traffic.can.weights || shares.every((share) => share === 100)) return;
  fail({
    code: 'usage',
    what: `${service.name} cannot have two versions at once`,
    why: `its traffic (${service.serving?.traffic.kind}) gives one version everything`,
    touched: 'no',
    next: 'repeat the command without --steps',
  });
}

/** Fails where a guard would have nothing to judge by. */
export function requireCounts(engine: Engine, version: string): void {
  const { name } = engine.service;
  if (isCounted(engine)) return;
  fail({
    code: 'counters.absent',
    what: `nobody counts what ${version} answers, so no guard can judge it`,
    why: `the traffic path of ${name} counts nothing, and sofare.yaml names no Prometheus under signals`,
    touched: 'no',
    next: `name it as docs/kubernetes.md has it; or without a guard: sofare deploy ${name}@${version} --steps 10, then sofare promote ${name} or sofare abort ${name}`,
  });
}

/** What the plan of a deploy says that stays open with nobody to judge it. */
export function unjudged(engine: Engine, version: string, { shares, every }: Shares): readonly string[] {
  const last = shares.at(-1) ?? 100;
  if (isCounted(engine) || (last === 100 && every === 0)) return [];
  const { name } = engine.service;
  return [
    `nobody counts what ${version} answers: people judge it, by sofare promote ${name} or sofare abort ${name}. With signals: { prometheus } in sofare.yaml also: sofare guard ${name}`,
  ];
}

/** Whether anybody counts what versions answer. */
export function isCounted({ world }: Engine): boolean {
  return !world || world.traffic.can.counts || world.judged !== undefined;
}
