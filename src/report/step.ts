import { isFresh, versionOf } from '../model/fresh.ts';
import type { Weights } from '../model/observation.ts';
import type { Step } from '../model/plan.ts';
import type { IdentityGrade } from '../model/service.ts';
import { duration } from './duration.ts';
import { share } from './number.ts';
import { counted } from './sentence.ts';

export interface StepSurroundings {
  /** As they stand before the step. */
  readonly weights: Weights;
  readonly pointer: string | null;
  /** How surely a version has to be seen; null where nothing serves. */
  readonly least: IdentityGrade | null;
}

/** What a step does, in a few words. */
export function stepText(step: Step, { weights, pointer, least }: StepSurroundings): string {
  switch (step.kind) {
    case 'wake':
      return `${step.version}: ${counted(step.copies, 'copy', 'copies')}${isFresh(step.version) ? ` of ${versionOf(step.version)} as new as the canary, to compare it with` : ''}, wait until ready`;
    case 'prove':
      return `${step.version} answers the golden requests`;
    case 'route':
      return `${weightsText(weights)} → ${weightsText(step.weights)}${step.point === null || step.point === pointer ? '' : `; the pointer moves to ${step.point}`}`;
    case 'bake':
      return `${step.version} is watched for ${duration(step.for)} ${step.guarded ? `by the guard, against ${Object.keys(weights).find(isFresh) ?? 'the stable version'}` : 'for its health'}`;
    case 'pause':
      return step.for === null
        ? `${step.version} waits for promote, watched until this command ends`
        : `${step.version} is watched for ${duration(step.for)}, and aborted when it fails`;
    case 'analysis':
      return `${step.version} is measured: ${step.analysis.metrics.map(({ name }) => name).join(', ')}`;
    case 'point':
      return `the pointer moves from ${pointer ?? 'nothing'} to ${step.version}`;
    case 'confirm':
      return least === 'answered' || least === 'routed'
        ? `the endpoint itself names ${step.version} and is healthy`
        : `all that serves is declared to be ${step.version}, and is healthy`;
  }
}

export function weightsText(weights: Weights): string {
  const parts = Object.entries(weights)
    .filter(([, value]) => value > 0)
    .map(([version, value]) => `${version} ${share(value)}`);
  return parts.length === 0 ? 'no traffic' : parts.join(', ');
}
