import type { StepContext } from '../execute/performer.ts';
import type { GuardPolicy } from '../model/evidence.ts';
import { weightsNow } from './weights-now.ts';

/** What the new version is compared with at its present share: fresh copies of the stable version where the policy wants them, else that itself. */
export function comparedWith(stable: string, { baseline }: Pick<GuardPolicy, 'baseline'>, context: StepContext): string {
  const { fresh } = context.operation.plan;
  return baseline === 'fresh' && fresh !== undefined && (weightsNow(context)[fresh] ?? 0) > 0 ? fresh : stable;
}
