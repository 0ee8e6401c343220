import type { Engine } from '../execute/engine.ts';
import type { TargetObservation, TrafficObservation } from '../model/observation.ts';
import type { Health, HttpHealth, ReadyHealth } from '../model/health.ts';
import { valueAt } from '../model/json-path.ts';
import type { ProbeAnswer } from '../ports/probe.ts';

/** Where a version is asked: through the traffic path, and at each of its copies. */
export interface HealthSituation {
  readonly version: string;
  readonly target: TargetObservation;
  readonly traffic: TrafficObservation;
}

/** Why a version is not healthy, as a sentence; null: it is. */
export async function unhealthyBecause(
  engine: Engine,
  health: Health,
  situation: HealthSituation,
  signal: AbortSignal,
): Promise<string | null> {
  if ('http' in health) {
    const answer = await engine.probe.get(`${situation.traffic.address}${health.http}`, health.within, signal);
    return httpProblem(health, answer);
  }
  if ('inference' in health) return inferenceProblem(engine, health.inference, health.within, situation, signal);
  if ('ready' in health) return unreadyBecause(engine, situation);
  const copies = situation.target.versions[situation.version]?.copies.filter(({ ready }) => ready) ?? [];
  if (copies.length === 0) return `no copy of ${situation.version} is ready`;
  for (const { id, address } of copies) {
    const why = address === null ? 'it has no address' : await atCopy(engine, health, address, signal);
    if (why !== null) return `copy ${id}: ${why}`;
  }
  return null;
}

/** Copies that an autoscaler has just asked for may take their time. */
function unreadyBecause({ service }: Engine, { version, target }: HealthSituation): string | null {
  const { wanted = 0, copies = [], failed = null } = target.versions[version] ?? {};
  const ready = copies.filter((copy) => copy.ready).length;
  const needed = Math.max(1, Math.min(wanted, service.serving?.target.copies ?? 1));
  return failed ?? (ready >= needed ? null : `${ready} of ${needed} copies of ${version} are ready`);
}

/** What an answer lacks of a health check. */
export function httpProblem(health: HttpHealth, answer: ProbeAnswer): string | null {
  const { http, status = 200, body, json, equals } = health;
  if (!answer.answered) return `${http}: ${answer.why}`;
  if (answer.status !== status) return `${http} answers ${answer.status}${status === 200 ? '' : `, not ${status}`}`;
  if (answer.took > health.within) return `${http} took ${Math.round(answer.took)} ms`;
  if (body !== undefined && !answer.body.includes(body)) return `${http} does not say ${JSON.stringify(body)}`;
  if (json === undefined) return null;
  const found = foundAt(answer.body, json);
  if (found === undefined) return `${http} has nothing at ${json}`;
  return equals === undefined || found === equals
    ? null
    : `${http} has ${JSON.stringify(found)} at ${json}, not ${JSON.stringify(equals)}`;
}

export function foundAt(body: string, path: string): unknown {
  try {
    return valueAt(JSON.parse(body), path);
  } catch {
    return undefined;
  }
}

async function inferenceProblem(
  engine: Engine,
  model: string,
  within: number,
  { traffic }: HealthSituation,
  signal: AbortSignal,
): Promise<string | null> {
  for (const http of ['/v2/health/live', '/v2/health/ready', `/v2/models/${encodeURIComponent(model)}/ready`]) {
    const problem = httpProblem({ http, within }, await engine.probe.get(`${traffic.address}${http}`, within, signal));
    if (problem !== null) return problem;
  }
  return null;
}

async function atCopy(
  engine: Engine,
  health: Exclude<Health, HttpHealth | ReadyHealth | { inference: string }>,
  address: string,
  signal: AbortSignal,
): Promise<string | null> {
  if (!engine.health) return 'nothing can ask for this kind of health here';
  if ('tcp' in health) return engine.health.tcp(address, health.within, signal);
  if ('grpc' in health) return engine.health.grpc(address, health.grpc, health.within, signal);
  return engine.health.command(health.command, address, health.within, signal);
}
