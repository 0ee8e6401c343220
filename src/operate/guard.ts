import { fail } from '../model/errors.ts';
import { claim } from '../execute/claim.ts';
import type { Engine } from '../execute/engine.ts';
import { foretell } from '../execute/foretell.ts';
import { laneTaken } from '../execute/lane.ts';
import { lifeOf } from '../execute/lease.ts';
import { carryOut } from './carry-out.ts';
import { claimSeen, fenceSeen } from './observe.ts';
import type { Outcome } from './outcome.ts';
import { readyToChange } from './reconcile.ts';
import type { Request } from './request.ts';
import { requireCounts } from './requirements.ts';

export interface GuardRequest extends Request {
  /** Shortest time the version is watched. */
  readonly for: number;
}

/** Watches the version of the open deploy until it is promoted, taken back, or undecided. */
export async function guard(engine: Engine, request: GuardRequest): Promise<Outcome> {
  const situation = await readyToChange(engine, request.signal);
  const { lane } = situation;
  if (lane?.kind !== 'deploy') {
    fail({
      code: 'nothing-in-production',
      what: `no deploy of ${engine.service.name} is open`,
      why: 'a guard watches a version that has a share and is not promoted yet',
      touched: 'no',
      next: `sofare deploy ${engine.service.name}@VERSION --steps 10`,
    });
  }
  if (lane.plan.from === null || !engine.world) {
    fail({
      code: 'counters.absent',
      what: `there is nothing to compare ${lane.plan.to} with`,
      why: engine.world ? 'it is the first version of the service' : `${engine.service.name} has only a registry`,
      touched: 'no',
      next: `sofare resume ${lane.id}, or: sofare promote ${engine.service.name}`,
    });
  }
  requireCounts(engine, lane.plan.to);
  if ((await lifeOf(engine, lane)) !== 'gone') laneTaken(lane, 'alive');
  const { observation } = situation;
  const because = `guarded by ${request.actor}`;
  await foretell(engine, request.signal);
  const claimed = await claim(engine, lane.id, because, fenceSeen(observation), claimSeen(observation));
  if (claimed.stepsDone < claimed.plan.steps.length) return carryOut(engine, claimed, request);
  const step = { kind: 'bake', version: lane.plan.to, for: request.for, guarded: true, last: true } as const;
  return carryOut(engine, claimed, request, { name: 'extend', event: { kind: 'extended', steps: [step] } });
}
