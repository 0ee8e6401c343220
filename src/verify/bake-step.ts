import type { WatchPerformer } from '../execute/performer.ts';
import type { BakeStep } from '../model/plan.ts';
import { watchGuarded } from './watch-guarded.ts';
import { watchHealth } from './watch-health.ts';

/** Time goes by while the version is watched: judged against the stable one, or only for its health. */
export const bakeStep: WatchPerformer<BakeStep> = {
  does: 'watch',
  watch: (step, context) => (step.guarded ? watchGuarded(step, context) : watchHealth(step, context)),
};
