import type { Operation } from '../model/operation.ts';
import type { Plan } from '../model/plan.ts';
import type { Engine } from '../execute/engine.ts';
import { readJournal } from '../execute/journal.ts';
import { listOperations } from '../execute/read.ts';

/** Medians over the last operations of the service that ended verified, warm or cold as this one will be. Null: none is known. */
export async function expectedTime(engine: Engine, warm: boolean): Promise<Plan['expected']> {
  const recent = await listOperations(engine.store.read, engine.service.name, 20);
  const alike = recent.filter(
    (each) =>
      each.state === 'completed' &&
      each.verified === true &&
      each.plan.steps.some((step) => step.kind === 'wake') !== warm &&
      !baked(each),
  );
  const times = await Promise.all(alike.slice(0, 5).map((each) => timesOf(engine, each)));
  return times.length === 0
    ? null
    : { safe: median(times.map((time) => time.safe)), verified: median(times.map((time) => time.verified)) };
}

function baked(operation: Operation): boolean {
  return operation.plan.steps.some((step) => step.kind === 'bake');
}

async function timesOf(engine: Engine, operation: Operation): Promise<{ safe: number; verified: number }> {
  const journal = await readJournal(engine.store.read, operation.id);
  const lastRoute = operation.plan.steps.findLastIndex((step) => step.kind === 'route' || step.kind === 'point');
  const routed = journal.find(({ event }) => event.kind === 'step-done' && event.step === lastRoute)?.at ?? operation.createdAt;
  return { safe: routed - operation.createdAt, verified: (operation.endedAt ?? routed) - operation.createdAt };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
