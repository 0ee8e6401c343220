import { hasEnded, type Operation, type OperationEvent } from '../model/operation.ts';
import type { RecordedOperation } from '../model/service-record.ts';
import type { Transacted } from '../store/store.ts';
import { appendEvent } from './journal.ts';
import { openIncident } from './open-incident.ts';
import { readOperation } from './read.ts';
import { isClaimedSince, isLater } from './standing.ts';

/**
 * Brings our account of an operation up to what the record tells of it: as a new row where it was begun by another database, as the
 * events that we did not see where it was ours and somebody else carried it on. Nothing is written where ours is the later. What has
 * ended here is taken up again only where it was claimed since, by another database that had not heard of the end.
 */
export async function bring(transaction: Transacted, recorded: RecordedOperation): Promise<void> {
  const own = await readOperation(transaction, recorded.id);
  const claimed = own !== null && isClaimedSince(recorded, own);
  if (own && (hasEnded(own.state) ? !claimed : !isLater(recorded, own))) return;
  const tell = async (event: OperationEvent, at = recorded.endedAt ?? recorded.createdAt): Promise<void> => {
    await appendEvent(transaction, recorded.id, at, event);
  };
  if (!own) {
    await insert(transaction, recorded);
    await tell(
      {
        kind: 'created',
        plan: recorded.plan,
        owner: recorded.owners.at(-1) ?? '',
        fence: recorded.fence,
        trigger: recorded.trigger,
      },
      recorded.createdAt,
    );
    // Every rollback is written up, whichever database began it.
    if (recorded.kind === 'rollback') await openIncident(transaction, recorded.service, recorded.id, recorded.createdAt);
  } else if (claimed) {
    await tell({ kind: 'claimed', owner: recorded.owners.at(-1) ?? '', fence: recorded.fence, because: 'by the record' });
  }
  const replanned = own !== null && recorded.plan.fingerprint !== own.plan.fingerprint;
  if (replanned) await tell({ kind: 'replanned', plan: recorded.plan, because: 'by the record' });
  else if (own && recorded.plan.steps.length > own.plan.steps.length)
    await tell({ kind: 'extended', steps: recorded.plan.steps.slice(own.plan.steps.length) });
  for (let step = own && !replanned ? own.stepsDone : 0; step < recorded.stepsDone; step += 1)
    await tell({ kind: 'step-done', step, result: recorded.results[step] ?? {} });
  if (recorded.decision && recorded.state === 'running') await tell({ kind: 'decided', decision: recorded.decision });
  const rest = resting(recorded);
  if (rest) await tell(rest);
}

async function insert(transaction: Transacted, { id, service, plan, actor, reason, ...rest }: RecordedOperation): Promise<void> {
  await transaction
    .insertInto('operations')
    .values({
      id,
      service,
      kind: plan.kind,
      state: 'running',
      from_version: plan.from,
      to_version: plan.to,
      fence: rest.fence,
      owner: rest.owners.at(-1) ?? '',
      actor,
      reason,
      created_at: rest.createdAt,
      ended_at: null,
    })
    .execute();
}

/** The event that brings an operation that runs to where this one rests; null while it runs. */
function resting({ state, problem, verified, supersededBy, actor, reason }: Omit<Operation, 'guard'>): OperationEvent | null {
  switch (state) {
    case 'running':
      return null;
    case 'open':
      return problem ? { kind: 'paused', problem } : { kind: 'opened' };
    case 'stuck':
      return problem && { kind: 'stuck', problem };
    case 'completed':
      return { kind: 'completed', verified: verified === true, problem };
    case 'failed':
      return problem && { kind: 'failed', problem };
    case 'superseded':
      return { kind: 'superseded', by: supersededBy ?? '' };
    case 'abandoned':
      return { kind: 'abandoned', actor, reason };
  }
}
