import { type Problem, ProblemError } from '../model/errors.ts';
import type { Serving } from '../model/service.ts';
import type { ConfirmStep } from '../model/plan.ts';
import { appendHistory } from '../registry/history.ts';
import { requireVersion } from '../registry/versions.ts';
import type { StepContext, WatchPerformer } from '../execute/performer.ts';
import { worldOf } from '../execute/world.ts';
import { unhealthyBecause } from './health.ts';
import { findIdentity, type IdentityFound, unconfirmed } from './identity.ts';

/** How long the endpoint may take to name the version. */
const patience = 15_000;

/** The endpoint itself says which version answers, and that it is healthy. Marks the version verified; never moves anything. */
export const confirmStep: WatchPerformer<ConfirmStep> = {
  does: 'watch',
  watch: async (step, context) => {
    const { engine, signal } = context;
    const serving = engine.service.serving as Serving;
    const deadline = engine.clock.monotonic() + patience;
    for (;;) {
      const { found, problem } = await lookAnyway(step, context, serving);
      const result = { identity: { grade: found.grade, copies: found.copies, requests: found.requests } };
      if (!problem) return { kind: 'passed', result };
      if (engine.clock.monotonic() >= deadline) return { kind: 'unconfirmed', problem, result };
      await engine.clock.wait(250, signal);
      signal.throwIfAborted();
    }
  },
  finish: async (transaction, at, step, { operation }) => {
    const { id, service, actor, reason } = operation;
    await appendHistory(transaction, service, at, {
      kind: 'verified',
      version: step.version,
      share: null,
      requests: null,
      operation: id,
      source: 'witnessed',
      actor,
      reason,
    });
  },
};

/** Who cannot be asked for a moment confirms nothing; that is no reason to stop. */
async function lookAnyway(
  step: ConfirmStep,
  context: StepContext,
  serving: Serving,
): Promise<{ found: IdentityFound; problem: Problem | null }> {
  try {
    return await look(step, context, serving);
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== 'target.unreachable') throw error;
    const { problem } = error;
    return {
      found: { grade: 'none', copies: 0, requests: 0, short: problem.what },
      problem: { ...problem, code: 'unverified', touched: 'yes' },
    };
  }
}

async function look(
  step: ConfirmStep,
  context: StepContext,
  serving: Serving,
): Promise<{ found: IdentityFound; problem: Problem | null }> {
  const { engine, signal } = context;
  const world = worldOf(engine);
  const version = await requireVersion(engine.store.read, engine.service.model, step.version);
  const [target, traffic] = await Promise.all([world.target.observe(signal), world.traffic.read(signal)]);
  const found = await findIdentity(
    { version: step.version, bundleDigest: version.bundleDigest, serving, target, traffic },
    engine.probe,
    signal,
  );
  const short = unconfirmed(step.version, serving.least, found);
  if (short) return { found, problem: short };
  const why = await unhealthyBecause(engine, serving.health, { version: step.version, target, traffic }, signal);
  if (why === null) return { found, problem: null };
  return {
    found,
    problem: {
      code: 'unverified',
      what: `${step.version} serves but is not healthy`,
      why,
      touched: 'yes',
      next: `sofare logs ${operationService(context)}`,
    },
  };
}

function operationService(context: StepContext): string {
  return context.operation.service;
}
