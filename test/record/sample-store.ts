import type { TestContext } from 'node:test';
import { appendEvent } from '../../src/execute/journal.ts';
import type { OperationEvent, Trigger } from '../../src/model/operation.ts';
import type { Plan } from '../../src/model/plan.ts';
import type { Bundle } from '../../src/model/version.ts';
import { liftHold, setHold } from '../../src/registry/hold.ts';
import { appendHistory } from '../../src/registry/history.ts';
import { movePointer } from '../../src/registry/pointer.ts';
import { addQuarantine, liftQuarantine } from '../../src/registry/quarantine.ts';
import { type Registration, registerVersion } from '../../src/registry/register.ts';
import { ensureService } from '../../src/registry/services.ts';
import { changeShares } from '../../src/registry/shares.ts';
import type { Store } from '../../src/store/store.ts';
import { openStore } from '../contract/store-fixture.ts';

/** 2026-11-24 14:00:00Z. */
export const noon = Date.UTC(2026, 10, 24, 14);

export const service = 'fraud-scorer';

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;

const stored = (path: string, letter: string, size: number): Bundle['artifacts'][number] => ({
  kind: 'stored',
  path,
  digest: digest(letter),
  size,
});

export const goodBundle: Bundle = {
  artifacts: [
    stored('model/weights.bin', 'a', 4_210_000),
    stored('model/scaler.json', 'b', 812),
    stored('model/old.json', 'c', 99),
  ],
  image: null,
  configuration: { threshold: '0.5' },
  environment: { WORKERS: '2', DB_PASSWORD: 'hunter2-old' },
  schema: null,
  migrations: [],
};

export const badBundle: Bundle = {
  ...goodBundle,
  artifacts: [
    stored('model/weights.bin', 'd', 4_410_000),
    stored('model/scaler.json', 'b', 812),
    stored('model/hours.json', 'e', 2_048),
  ],
  configuration: { threshold: '0.45' },
  environment: { WORKERS: '2', DB_PASSWORD: 'hunter2-new', FEATURE_STORE: 'postgres://svc:s3cr3t@db/features' },
  migrations: ['add column amount_cents'],
};

/** Writes rows as the engine does, at times that a test says. */
export interface Teller {
  readonly store: Store;
  begin(
    id: string,
    plan: Plan,
    at: number,
    by: {
      readonly actor: string;
      readonly reason: string;
      readonly trigger: Trigger;
      readonly owner?: string;
      readonly incident?: boolean;
      readonly marks?: boolean;
    },
  ): Promise<void>;
  tell(id: string, at: number, ...events: readonly OperationEvent[]): Promise<void>;
  /** The end of a route step, with the history that belongs to it. */
  routed(id: string, at: number, step: number, requests: Readonly<Record<string, number>> | null): Promise<void>;
  confirmed(id: string, at: number, step: number): Promise<void>;
  openIncident(id: string, at: number): Promise<void>;
  lift(at: number, version: string, actor: string): Promise<void>;
}

type Changes = Partial<Registration>;

export async function tellingStore(t: TestContext, versions: Readonly<Record<string, Changes>> = {}): Promise<Teller> {
  const store = await openStore(t);
  const plans = new Map<string, { plan: Plan; actor: string; reason: string }>();
  await store.transaction('prepare', async (transaction) => {
    await ensureService(transaction, service, 'fraud');
    const registrations: Readonly<Record<string, Changes>> = {
      '1.2.0': { bundle: goodBundle, metrics: { auc: 0.9312 } },
      '1.3.0': {
        bundle: badBundle,
        metrics: { auc: 0.9371 },
        breakingChanges: ['amount is now in cents'],
        run: 'run-2210',
        changelog: 'Normalises by the hour.\nTrained on October.',
      },
      ...versions,
    };
    for (const [version, changes] of Object.entries(registrations)) {
      await registerVersion(
        transaction,
        { model: 'fraud', version, draft: false, bundle: goodBundle, actor: 'ana', reason: 'monthly training', ...changes },
        noon - 86_400_000,
      );
    }
  });
  const known = (id: string) => plans.get(id) ?? { plan: {} as Plan, actor: '', reason: '' };
  const teller: Teller = {
    store,
    begin: (id, plan, at, { actor, reason, trigger, owner = 'vm1/b00t/41/900', incident = false, marks = false }) =>
      store.transaction('begin', async (transaction) => {
        plans.set(id, { plan, actor, reason });
        const fence = plan.planned.fence + 1;
        const { operation: preempts } = plan.planned;
        if (preempts) await appendEvent(transaction, preempts, at, { kind: 'superseded', by: id });
        await transaction
          .insertInto('operations')
          .values({
            id,
            service,
            kind: plan.kind,
            state: 'running',
            from_version: plan.from,
            to_version: plan.to,
            fence,
            owner,
            actor,
            reason,
            created_at: at,
            ended_at: null,
          })
          .execute();
        await appendEvent(transaction, id, at, { kind: 'created', plan, owner, fence, trigger });
        const evidence = trigger.kind === 'guard' ? trigger.decision.because : null;
        if (marks && plan.from) {
          await addQuarantine(transaction, { service, version: plan.from, since: at, reason, actor, operation: id, evidence });
          await setHold(transaction, service, { since: at, reason, actor, operation: id });
        }
        if (incident) await transaction.insertInto('incidents').values({ service, operation: id, opened_at: at }).execute();
      }),
    tell: (id, at, ...events) =>
      store.transaction('tell', async (transaction) => {
        for (const event of events) await appendEvent(transaction, id, at, event);
      }),
    routed: (id, at, step, requests) =>
      store.transaction('routed', async (transaction) => {
        const { plan, actor, reason } = known(id);
        const route = plan.steps[step];
        if (route?.kind !== 'route') throw new Error(`step ${step} of ${id} is no route`);
        await changeShares(transaction, {
          service,
          at,
          weights: route.weights,
          requests: requests ?? {},
          operation: id,
          actor,
          reason,
        });
        if (route.point)
          await movePointer(transaction, {
            service,
            version: route.point,
            at,
            operation: id,
            actor,
            reason,
            source: 'witnessed',
          });
        const result = requests ? { weights: route.weights, counters: requests } : { weights: route.weights };
        await appendEvent(transaction, id, at, { kind: 'step-done', step, result });
      }),
    confirmed: (id, at, step) =>
      store.transaction('confirmed', async (transaction) => {
        const { plan, actor, reason } = known(id);
        await appendHistory(transaction, service, at, {
          kind: 'verified',
          version: plan.to,
          share: null,
          requests: null,
          operation: id,
          source: 'witnessed',
          actor,
          reason,
        });
        await appendEvent(transaction, id, at, {
          kind: 'step-done',
          step,
          result: { identity: { grade: 'answered', copies: 2, requests: 10 } },
        });
        await appendEvent(transaction, id, at, { kind: 'completed', verified: true, problem: null });
      }),
    openIncident: (id, at) =>
      store.transaction('incident', async (transaction) => {
        await transaction.insertInto('incidents').values({ service, operation: id, opened_at: at }).execute();
      }),
    lift: (at, version, actor) =>
      store.transaction('lift', async (transaction) => {
        await liftHold(transaction, service, actor, 'the fix is out', at);
        await liftQuarantine(transaction, { service, version, at, operation: null, actor, reason: 'it was the feature store' });
      }),
  };
  return teller;
}
