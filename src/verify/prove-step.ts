import type { StepContext, Watched, WatchPerformer } from '../execute/performer.ts';
import { worldOf } from '../execute/world.ts';
import type { GoldenRequest } from '../model/health.ts';
import type { ProveStep } from '../model/plan.ts';
import type { ProbeAnswer } from '../ports/probe.ts';
import { foundAt } from './health.ts';

/** Every ready copy of the version answers every golden request, before it has any traffic. */
export const proveStep: WatchPerformer<ProveStep> = { does: 'watch', watch };

async function watch({ version }: ProveStep, context: StepContext): Promise<Watched> {
  const { engine, operation, signal } = context;
  const { golden } = engine.service.serving ?? {};
  const observed = await worldOf(engine).target.observe(signal);
  const copies = observed.versions[version]?.copies.filter(({ ready }) => ready) ?? [];
  for (const { id, address } of copies) {
    for (const request of golden ?? []) {
      const answer = await send(request, address, context);
      const why = wrongAnswer(request, answer);
      if (why === null) continue;
      const next = `sofare logs ${operation.service} --version ${version}`;
      return {
        kind: 'failed',
        problem: {
          code: 'target.not-ready',
          what: `${version} does not answer as it should`,
          why: `copy ${id}: ${why}`,
          touched: 'no',
          next,
        },
      };
    }
  }
  return { kind: 'passed', result: { note: `${golden?.length ?? 0} golden requests answered by ${copies.length} copies` } };
}

async function send(
  { path, body, within }: GoldenRequest,
  address: string | null,
  { engine, signal }: StepContext,
): Promise<ProbeAnswer> {
  if (address === null || !engine.health) return { answered: false, why: 'it has no address to ask' };
  return engine.health.send(`${address}${path}`, body, within, signal);
}

/** How an answer differs from the known one; numbers may be off by the tolerance. */
export function wrongAnswer({ path, json, equals, tolerance }: GoldenRequest, answer: ProbeAnswer): string | null {
  if (!answer.answered) return `${path}: ${answer.why}`;
  if (answer.status !== 200) return `${path} answers ${answer.status}`;
  const found = foundAt(answer.body, json);
  const near = typeof found === 'number' && typeof equals === 'number' && Math.abs(found - equals) <= tolerance;
  if (found === equals || near) return null;
  return `${path} has ${found === undefined ? 'nothing' : JSON.stringify(found)} at ${json}, not ${JSON.stringify(equals)}${tolerance > 0 ? ` within ${tolerance}` : ''}`;
}
