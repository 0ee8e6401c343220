import { fail } from '../model/errors.ts';
import type { Operation, OperationEvent, Trigger } from '../model/operation.ts';
import type { Plan } from '../model/plan.ts';
import { setHold } from '../registry/hold.ts';
import { addQuarantine } from '../registry/quarantine.ts';
import { ensureService, raiseFence, readService } from '../registry/services.ts';
import type { Transacted } from '../store/store.ts';
import type { Engine } from './engine.ts';
import { foldOperation } from './fold.ts';
import { appendEvent } from './journal.ts';
import { laneTaken } from './lane.ts';
import { leaseFrom, lifeOf } from './lease.ts';
import { openIncident } from './open-incident.ts';
import { laneHolder } from './read.ts';

export interface Beginning {
  readonly plan: Plan;
  readonly actor: string;
  readonly reason: string;
  readonly trigger: Trigger;
  /** The operation on the lane that this one may push aside, or null. */
  readonly preempts: string | null;
  /** Set on `from`, with a hold on the service, in the creating transaction. Null: neither. */
  readonly quarantine: { readonly evidence: string | null } | null;
  /** Opens an incident for this operation. */
  readonly incident: boolean;
  /** The highest fence read at target, traffic and record. */
  readonly fenceSeen: number;
}

/** Creates an operation: lane, fence, hold, quarantine, incident and plan in one transaction, or nothing at all. */
export async function begin(engine: Engine, beginning: Beginning): Promise<Operation> {
  const { plan } = beginning;
  const id = engine.random.word(6);
  const owner = engine.processes.self();
  const create = async (transaction: Transacted, at: number) => {
    await ensureService(transaction, plan.service, engine.service.model);
    await assertFresh(transaction, plan);
    const holder = await laneHolder(transaction, plan.service);
    if (holder && holder.id !== beginning.preempts) laneTaken(holder, await lifeOf(engine, holder, transaction));
    if (holder) await appendEvent(transaction, holder.id, at, { kind: 'superseded', by: id });
    const fence = await raiseFence(transaction, plan.service, beginning.fenceSeen);
    await transaction
      .insertInto('operations')
      .values({
        id,
        service: plan.service,
        kind: plan.kind,
        state: 'running',
        from_version: plan.from,
        to_version: plan.to,
        fence,
        owner,
        actor: beginning.actor,
        reason: beginning.reason,
        created_at: at,
        ended_at: null,
        lease_until: leaseFrom(engine, at),
      })
      .execute();
    const created: OperationEvent = { kind: 'created', plan, owner, fence, trigger: beginning.trigger };
    await appendEvent(transaction, id, at, created);
    await mark(transaction, beginning, id, at);
    if (beginning.incident) await openIncident(transaction, plan.service, id, at);
    return { event: created, at };
  };
  const { event, at } = await engine.store.transaction('create', create, plan.service);
  engine.announce(id, event, at);
  const header = { id, service: plan.service, actor: beginning.actor, reason: beginning.reason };
  return foldOperation(header, [{ at, event }]) as Operation;
}

/** The pointer and the fence are what they were when the plan was made; else somebody moved in between. */
async function assertFresh(transaction: Transacted, plan: Plan): Promise<void> {
  const service = await readService(transaction, plan.service);
  const fence = service?.fence ?? 0;
  const pointer = service?.pointer ?? null;
  if (fence === plan.planned.fence && pointer === plan.planned.pointer) return;
  fail({
    code: 'plan.stale',
    what: `the plan ${plan.fingerprint} was made for another state of ${plan.service}`,
    why: `it expected ${plan.planned.pointer ?? 'no version'} in production under fence ${plan.planned.fence}; now it is ${pointer ?? 'none'} under ${fence}`,
    touched: 'no',
    next: `sofare status ${plan.service}`,
  });
}

async function mark(transaction: Transacted, beginning: Beginning, operation: string, at: number): Promise<void> {
  const { plan, quarantine, actor, reason } = beginning;
  if (!quarantine || plan.from === null) return;
  await addQuarantine(transaction, {
    service: plan.service,
    version: plan.from,
    since: at,
    reason,
    actor,
    operation,
    evidence: quarantine.evidence,
  });
  await setHold(transaction, plan.service, { since: at, reason, actor, operation });
}
