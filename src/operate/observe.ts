import type { Observation } from '../model/observation.ts';
import { claimOf } from '../model/service-record.ts';
import { readService } from '../registry/services.ts';
import type { Engine } from '../execute/engine.ts';

/** Reads the world and the registry's pointer, all at once. */
export async function observe(engine: Engine, signal: AbortSignal): Promise<Observation> {
  const { world, store, service, clock } = engine;
  const [row, target, traffic, record] = await Promise.all([
    readService(store.read, service.name),
    world?.target.observe(signal) ?? null,
    world?.traffic.read(signal) ?? null,
    world?.record.read(signal) ?? null,
  ]);
  return {
    service: service.name,
    at: clock.now(),
    target,
    traffic,
    record,
    pointer: row?.pointer ?? null,
    fence: row?.fence ?? 0,
  };
}

/** The claim that the record beside the target shows, for a claim that is made over it; undefined where there is no record. */
export function claimSeen({ record }: Observation): string | undefined {
  return record ? claimOf(record.value) : undefined;
}

/** The highest fence that anything in the world has seen. */
export function fenceSeen(observation: Observation): number {
  return Math.max(observation.target?.fence ?? 0, observation.traffic?.fence ?? 0, observation.record?.value?.fence ?? 0);
}
