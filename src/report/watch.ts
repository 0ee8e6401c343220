import type { Plan } from '../model/plan.ts';
import { sparkline } from './sparkline.ts';
import type { WatchProgress } from './step-progress.ts';

/** What a guard sees, under the step in which it watches. */
export function watchLines({ seen }: WatchProgress, _plan: Plan): readonly string[] {
  return seen.length === 0 ? [] : [`evidence ${sparkline(seen.map(({ logE }) => logE), 30)}`];
}
