import { type Figure, figure, quantile } from '../measure.ts';
import { pausesOfTheSpecification } from './argo-strategies.ts';
import type { Samples } from './rounds.ts';

/** What was measured beside what it should be. */
export function figuresOf(samples: Samples): readonly Figure[] {
  const median = (of: keyof Samples): number => quantile(samples[of], 0.5);
  const best = Math.min(median('undo by Argo, canary'), median('undo by Argo, blue-green'));
  const canary = 'abort of a canary at 10 %';
  const undo = 'rollback after promotion, old pods up';
  return [
    figure('one PATCH of a VirtualService: sent to seen', 'ms', samples.patch),
    figure('one PATCH of a VirtualService: round trip', 'ms', samples['patch round trip']),
    figure(`${canary}, Argo Rollouts: status.abort sent to seen`, 'ms', samples['abort by Argo']),
    figure(`${canary}, sofare: call to seen`, 'ms', samples['abort by sofare'], {
      goal: median('abort by Argo') / 2,
      beside: 'half of Argo',
    }),
    figure(`${canary}, sofare: call to seen`, 'ms', samples['abort by sofare'], {
      goal: 2 * median('patch'),
      beside: 'twice one PATCH',
    }),
    figure(`${undo}, Argo Rollouts, canary: PATCH sent to seen`, 'ms', samples['undo by Argo, canary'], {
      beside: `with rollbackWindow; without it ${pausesOfTheSpecification / 60_000} minutes of pauses by the specification's steps`,
    }),
    figure(`${undo}, Argo Rollouts, blue-green: PATCH sent to seen`, 'ms', samples['undo by Argo, blue-green'], {
      beside: 'within scaleDownDelaySeconds',
    }),
    figure(`${undo}, sofare: call to seen`, 'ms', samples['rollback by sofare'], {
      goal: best / 2,
      beside: 'half of the better of Argo',
    }),
    figure(`${undo}, sofare rollback: start of its process to seen`, 'ms', samples['rollback by a command']),
  ];
}
