import { versionOf } from '../../model/fresh.ts';
import type { Problem } from '../../model/errors.ts';
import type { VersionObservation } from '../../model/observation.ts';
import type { WakeStep } from '../../model/plan.ts';
import { requireVersion } from '../../registry/versions.ts';
import type { EffectPerformer, StepContext } from '../performer.ts';
import { worldOf } from '../world.ts';

/** The version runs and enough copies of it are ready. Readiness is waited for, not compared: a copy that dies on the way is the target's to replace. */
export const wakeStep: EffectPerformer<WakeStep> = {
  does: 'effect',
  within: (step, { engine }) => step.within ?? (engine.service.serving?.target.readyWithin ?? 0) + 60_000,
  wanted: (step) => ({ version: step.version, copies: step.copies }),
  observe: async (step, context) => {
    const { target } = worldOf(context.engine);
    const observation = await target.observe(context.signal);
    const version = observation.versions[step.version];
    const ready = version?.copies.filter((copy) => copy.ready).length ?? 0;
    const intended = context.operation.intent?.step === context.step;
    return {
      value: { version: step.version, copies: ready },
      is: ready >= step.copies ? 'wanted' : 'own',
      failed: version?.failed ? gaveUp(version, version.failed, context, intended) : null,
    };
  },
  apply: async (step, context) => {
    const { engine, operation, signal } = context;
    const { target } = worldOf(engine);
    const version = await requireVersion(engine.store.read, engine.service.model, versionOf(step.version));
    const artifacts = target.can.files ? await engine.artifacts.open(version.bundle, version.bundleDigest) : null;
    const returns = operation.kind !== 'deploy' || step.version !== operation.plan.to;
    const workload = { version, name: step.version, copies: step.copies, artifacts, returns };
    await target.apply(workload, context.key, context.fence, signal);
  },
  settle: (_step, { engine, signal }, atMost) => worldOf(engine).target.changes(atMost, signal),
};

function gaveUp(version: VersionObservation, why: string, context: StepContext, intended: boolean): Problem {
  return {
    code: why.includes('not ready within') ? 'target.not-ready' : 'target.crash-loop',
    what: `${version.version} does not come up`,
    why,
    touched: intended ? 'unknown' : 'no',
    next: `sofare logs ${context.operation.service}`,
  };
}
