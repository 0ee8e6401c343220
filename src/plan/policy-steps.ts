import { freshOf } from '../model/fresh.ts';
import type { Step } from '../model/plan.ts';
import type { Analysis, RolloutPolicy } from '../model/policy.ts';
import { split } from './split.ts';

export interface PolicySteps {
  readonly steps: readonly Step[];
  readonly background: { readonly fromStep: number; readonly analysis: Analysis } | null;
  /** Why the policy cannot be carried out as it is written, or null. */
  readonly impossible: string | null;
}

export interface PolicyMove {
  readonly policy: RolloutPolicy;
  readonly from: string;
  readonly to: string;
  /** Copies of a version with all traffic, and those of the new one that are ready now. */
  readonly copies: number;
  readonly ready: number;
  /** The service has requests that a version must answer before it gets traffic. */
  readonly golden: boolean;
  /** A metric compares with fresh copies of the stable version. */
  readonly fresh: boolean;
}

/** The steps of a policy as steps of a plan. The last one gives all traffic and moves the pointer; before it the way back is an abort. */
export function policySteps(move: PolicyMove): PolicySteps {
  const made = move.policy.strategy.kind === 'canary' ? canarySteps(move) : blueGreenSteps(move);
  return move.golden ? proved(made, move.to) : made;
}

/** Golden requests after the first copies are up, so before any traffic. */
function proved({ steps, background, impossible }: PolicySteps, version: string): PolicySteps {
  const at = steps[0]?.kind === 'wake' ? 1 : 0;
  return {
    steps: [...steps.slice(0, at), { kind: 'prove', version }, ...steps.slice(at)],
    background: background && {
      ...background,
      fromStep: background.fromStep >= at ? background.fromStep + 1 : background.fromStep,
    },
    impossible,
  };
}

function blueGreenSteps({ policy, to, copies, ready }: PolicyMove): PolicySteps {
  const { strategy, progressDeadline: within } = policy;
  if (strategy.kind !== 'blueGreen') return { steps: [], background: null, impossible: null };
  const preview = Math.max(1, Math.min(copies, strategy.previewCopies ?? copies));
  const analysis = (of: Analysis | null): readonly Step[] => (of ? [{ kind: 'analysis', version: to, analysis: of }] : []);
  const after = analysis(strategy.after);
  const steps: readonly Step[] = [
    ...(ready < preview ? [{ kind: 'wake', version: to, copies: preview, within } as const] : []),
    ...analysis(strategy.before),
    ...(strategy.pause ? [{ kind: 'pause', version: to, for: strategy.pause.for } as const] : []),
    ...(Math.max(ready, preview) < copies ? [{ kind: 'wake', version: to, copies, within } as const] : []),
    ...(after.length > 0 ? [{ kind: 'route', weights: { [to]: 100 }, point: null } as const, ...after] : []),
    ...ending(to),
  ];
  return { steps, background: null, impossible: null };
}

function canarySteps({ policy, from, to, copies, ready, fresh }: PolicyMove): PolicySteps {
  const { strategy, progressDeadline: within } = policy;
  if (strategy.kind !== 'canary') return { steps: [], background: null, impossible: null };
  const steps: Step[] = [];
  let [running, beside, weight] = [ready, 0, 0];
  let fromStep: number | null = null;
  let impossible: string | null = null;
  const wake = (wanted: number): void => {
    if (wanted > running) steps.push({ kind: 'wake', version: to, copies: wanted, within });
    running = Math.max(running, wanted);
  };
  // As many fresh copies as the version has, wherever the two are compared.
  const wakeBeside = (): void => {
    if (!fresh || weight === 0 || weight === 100 || running <= beside) return;
    steps.push({ kind: 'wake', version: freshOf(from), copies: running, within });
    beside = running;
  };
  // Without a word about copies, all of them are up before the first request.
  if (strategy.steps[0]?.kind !== 'setCanaryScale') wake(copies);
  for (const [index, step] of strategy.steps.entries()) {
    if (index === strategy.background?.startingStep) fromStep = steps.length;
    switch (step.kind) {
      case 'setCanaryScale': {
        const percent = step.percent ?? weight;
        const wanted = Math.min(copies, Math.max(1, step.copies ?? Math.ceil((copies * percent) / 100)));
        if ((step.copies ?? wanted) > copies)
          impossible = `setCanaryScale wants ${step.copies} copies, and the service has ${copies}`;
        if (wanted < running && running > ready)
          impossible = `setCanaryScale takes copies away that a step before started (${running} to ${wanted})`;
        wake(wanted);
        wakeBeside();
        break;
      }
      case 'setWeight':
        weight = step.weight;
        if (running === 0 || weight === 100) wake(copies);
        wakeBeside();
        steps.push({ kind: 'route', weights: split(to, from, weight, fresh), point: null });
        break;
      case 'pause':
        steps.push({ kind: 'pause', version: to, for: step.for });
        break;
      case 'analysis':
        steps.push({ kind: 'analysis', version: to, analysis: step.analysis });
        break;
    }
  }
  if (strategy.finalGate) steps.push({ kind: 'pause', version: to, for: null });
  wake(copies);
  const last = steps.at(-1);
  if (last?.kind === 'route' && last.weights[to] === 100) steps.pop();
  const background = strategy.background && { fromStep: fromStep ?? 0, analysis: strategy.background.analysis };
  return { steps: [...steps, ...ending(to)], background, impossible };
}

function ending(to: string): readonly Step[] {
  return [
    { kind: 'route', weights: { [to]: 100 }, point: to },
    { kind: 'confirm', version: to },
  ];
}
