import { type Problem, ProblemError } from '../model/errors.ts';
import type { BakeStep } from '../model/plan.ts';
import type { Serving } from '../model/service.ts';
import type { StepContext, Watched } from '../execute/performer.ts';
import { worldOf } from '../execute/world.ts';
import { unhealthyBecause } from './health.ts';

/** Between two looks, and how many failed ones in a row are believed. */
const interval = 1_000;
const believed = 3;

/** Looks at the endpoint's health for as long as the step lasts: what a planned rollback waits for between its shares. */
export async function watchHealth(step: BakeStep, context: StepContext): Promise<Watched> {
  const { engine, signal } = context;
  const serving = engine.service.serving as Serving;
  const until = engine.clock.monotonic() + step.for;
  let failures = 0;
  for (;;) {
    const problem = await look(step, context, serving);
    failures = problem ? failures + 1 : 0;
    if (problem && failures >= believed) return { kind: 'failed', problem };
    const left = until - engine.clock.monotonic();
    if (left <= 0 && failures === 0) return { kind: 'passed', result: {} };
    await engine.clock.wait(left > 0 ? Math.min(left, interval) : interval, signal);
    signal.throwIfAborted();
  }
}

async function look(step: BakeStep, context: StepContext, serving: Serving): Promise<Problem | null> {
  try {
    return await lookThere(step, context, serving);
  } catch (error) {
    if (!(error instanceof ProblemError) || error.problem.code !== 'target.unreachable') throw error;
    return { ...error.problem, touched: 'yes' };
  }
}

async function lookThere(step: BakeStep, { engine, operation, signal }: StepContext, serving: Serving): Promise<Problem | null> {
  const world = worldOf(engine);
  const [target, traffic] = await Promise.all([world.target.observe(signal), world.traffic.read(signal)]);
  const unhealthy = (why: string): Problem => ({
    code: 'unverified',
    what: `${step.version} is not healthy at its share`,
    why,
    touched: 'yes',
    next: `sofare logs ${operation.service}`,
  });
  const version = target.versions[step.version];
  if (version?.failed) return unhealthy(version.failed);
  if (!version?.copies.some((copy) => copy.ready)) return unhealthy('no copy of it is ready');
  const why = await unhealthyBecause(engine, serving.health, { version: step.version, target, traffic }, signal);
  return why === null ? null : unhealthy(why);
}
