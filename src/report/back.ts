import type { TargetChoice, TargetMark } from '../decide/rollback-target.ts';
import type { Tenure } from '../model/history.ts';
import { duration } from './duration.ts';
import { counted } from './sentence.ts';

/** Where a rollback would go now. */
export type BackView =
  | {
      readonly version: string;
      readonly mark: TargetMark;
      readonly why: string;
      readonly passedOver: readonly string[];
      /** Milliseconds at 100 %, over all its stretches of the newest time it served. */
      readonly held: number;
      readonly trafficKnown: boolean;
      readonly readyCopies: number;
      readonly expectedSafe: number | null;
    }
  | { readonly version: null; readonly why: string };

export interface BackInput {
  readonly choice: TargetChoice;
  readonly tenures: readonly Tenure[];
  readonly readyCopies: number;
  readonly expectedSafe: number | null;
  readonly now: number;
}

export function backView({ choice, tenures, readyCopies, expectedSafe, now }: BackInput): BackView {
  if (choice.kind === 'none') return { version: null, why: choice.why };
  const { version, mark, why, passedOver } = choice;
  const tenure = tenures.find((each) => each.version === version && each.fullSince !== null);
  const held = (tenure?.fullStretches ?? []).reduce((sum, { since, until }) => sum + Math.max(0, (until ?? now) - since), 0);
  return {
    version,
    mark,
    why,
    passedOver,
    held,
    trafficKnown: tenure?.requests !== null && tenure !== undefined,
    readyCopies,
    expectedSafe,
  };
}

export function backText(back: BackView, served: boolean): string {
  if (back.version === null) return `nowhere: ${back.why}`;
  const parts = [
    back.version,
    back.mark,
    `held ${served ? '100%' : 'the pointer'} for ${duration(back.held)}`,
    ...(served && !back.trafficKnown ? ['traffic unknown'] : []),
    ...(served
      ? [back.readyCopies > 0 ? `warm: ${counted(back.readyCopies, 'copy', 'copies')} ready` : 'cold: no copy runs']
      : []),
    ...(back.expectedSafe === null ? [] : [`safe in about ${duration(back.expectedSafe)}`]),
  ];
  return parts.join(' · ');
}
