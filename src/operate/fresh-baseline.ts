import type { Engine, World } from '../execute/engine.ts';
import { fail } from '../model/errors.ts';
import type { DeployRequest } from './deploy.ts';

/** Whether somebody may watch the version at one of these shares, and the service wants it compared with fresh copies of the stable one. */
export function wantsFresh({ service }: Engine, { shares, every }: Pick<DeployRequest, 'shares' | 'every'>): boolean {
  const last = shares.at(-1) ?? 100;
  return service.guard.baseline === 'fresh' && (last < 100 || (every > 0 && shares.length > 1));
}

/** Why what serves cannot have fresh copies of the stable version beside the new one, or null. */
export function whyNoFresh({ target, traffic }: Pick<World, 'target' | 'traffic'>): string | null {
  if (!target.can.sideBySide || !target.can.twice) return 'the target cannot run one version twice';
  if (!traffic.can.weights) return 'the traffic path cannot be split by shares';
  return traffic.can.counts ? null : 'the traffic path does not count requests by version';
}

/** Fails with config.invalid, before anything moves. */
export function requireFresh({ service, world }: Engine): void {
  const why = world && whyNoFresh(world);
  if (!why) return;
  fail({
    code: 'config.invalid',
    what: `${service.name} cannot be guarded with baseline: fresh`,
    why,
    touched: 'no',
    next: 'set baseline: stable under guard in sofare.yaml',
  });
}
