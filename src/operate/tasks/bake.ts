import type { NewHistoryEvent } from '../../model/history.ts';
import { nextStatus } from '../../model/version.ts';
import type { Engine } from '../../execute/engine.ts';
import { worldOf } from '../../execute/world.ts';
import type { Task } from '../../model/task.ts';
import { appendHistory } from '../../registry/history.ts';
import { whyNotKnownGood } from '../../registry/known-good.ts';
import { changeStatus } from '../../registry/register.ts';
import { requireVersion } from '../../registry/versions.ts';
import type { TaskEnd } from './task-end.ts';
import type { Request } from '../request.ts';
import { readSituation } from '../situation.ts';

/** How long until a bake that lacks requests is looked at again. */
const soonest = 1_000;
const latest = 60_000;
const forRequests = 10_000;

/**
 * Ends the bake of a version at 100 %: passed, it is released and known good; lacking requests, it is looked at again; a version
 * that no longer has all traffic has no bake. Whether it regressed is for its signals to say, not for this clock.
 */
export async function watchBake(engine: Engine, task: Extract<Task, { kind: 'bake' }>, { signal }: Request): Promise<TaskEnd> {
  const { version } = task;
  const situation = await readSituation(engine, signal);
  if (situation.serving !== version) return { kind: 'over', note: `the bake of ${version} ended early: it no longer has 100 %` };
  const tenure = situation.tenures.find((each) => each.version === version && each.until === null);
  if (!tenure || tenure.baked) return { kind: 'over', note: `the bake of ${version} had ended already` };
  if (tenure.quarantinedSince || tenure.regressed)
    return {
      kind: 'over',
      note: `the bake of ${version} ended: ${tenure.regressed ? 'it regressed' : 'it was quarantined since'}`,
    };
  const reading = await worldOf(engine).signal.query(signal);
  const answered = reading.arms[version]?.requests ?? null;
  const copies = situation.observation.target?.versions[version];
  if (copies?.failed) return { kind: 'again', in: latest, note: `${version} does not stay up: ${copies.failed}` };
  const full = tenure.fullStretches[0];
  const since = await countAtFull(engine, version);
  const requests = answered === null || since === null ? null : Math.max(0, answered - since);
  const now = await engine.store.now();
  const live = full ? { ...tenure, fullStretches: [{ ...full, requests }] } : tenure;
  const short = whyNotKnownGood(live, engine.service.bake, { pointerOnly: false, now });
  if (short) {
    const left = full ? full.since + engine.service.bake.for - now : latest;
    // Its time is over and requests are lacking: nobody knows when they come, and each look is a process.
    const wait = left > 0 ? Math.min(latest, Math.max(soonest, left)) : forRequests;
    return tenure.verified ? { kind: 'again', in: wait, note: short } : { kind: 'over', note: short };
  }
  await pass(engine, task, answered);
  return { kind: 'over', note: `${version} passed its bake and is released` };
}

async function countAtFull(engine: Engine, version: string): Promise<number | null> {
  const row = await engine.store.read
    .selectFrom('history')
    .select('requests')
    .where('service', '=', engine.service.name)
    .where('version', '=', version)
    .where('kind', '=', 'share')
    .where('share', '=', 100)
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row ? (row.requests ?? 0) : null;
}

async function pass(engine: Engine, task: Extract<Task, { kind: 'bake' }>, requests: number | null): Promise<void> {
  const { name: service, model } = engine.service;
  const told = { operation: task.operation, source: 'witnessed' as const, actor: 'bake', reason: 'the bake at 100 % passed' };
  const event: NewHistoryEvent = { ...told, kind: 'baked', version: task.version, share: null, requests };
  await engine.store.transaction('bake.passed', async (transaction, at) => {
    await appendHistory(transaction, service, at, event);
    // Released before, by hand or by an earlier bake, it stays so; deprecated while it baked, it stays that.
    const { status } = await requireVersion(transaction, model, task.version);
    if (nextStatus(status, 'release') === null) return;
    await changeStatus(transaction, model, task.version, 'release', { actor: 'bake', reason: told.reason, at });
  });
}
