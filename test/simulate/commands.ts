import type { Engine } from '../../src/execute/engine.ts';
import { abort } from '../../src/operate/abort.ts';
import { deploy } from '../../src/operate/deploy.ts';
import { changeMarks } from '../../src/operate/marks.ts';
import { recover } from '../../src/operate/recovery/recover.ts';
import type { ServiceRecord } from '../../src/model/service-record.ts';
import { doDueTasks } from '../../src/operate/due.ts';
import { guard } from '../../src/operate/guard.ts';
import { promote } from '../../src/operate/promote.ts';
import { reconcile } from '../../src/operate/reconcile.ts';
import type { Request } from '../../src/operate/request.ts';
import { resume } from '../../src/operate/resume.ts';
import { rollback } from '../../src/operate/rollback.ts';
import { liftHold, setHold } from '../../src/registry/hold.ts';
import { addQuarantine, liftQuarantine } from '../../src/registry/quarantine.ts';
import { ensureService } from '../../src/registry/services.ts';
import type { Chance } from './chance.ts';
import { registryOnly, served } from './services.ts';
import { versions } from './simulated-database.ts';

/** Something an operator types, or a program asks for. */
export interface Command {
  readonly words: string;
  readonly overrides?: readonly string[];
  /** It goes on without a registry that cannot be used, where the record shows such an operation. */
  readonly breaksGlass?: (record: ServiceRecord) => boolean;
  readonly run: (engine: Engine, request: Request, engineOf: (service: string) => Engine | null) => Promise<unknown>;
}

export function deployOf(version: string, shares: readonly number[], every: number): Command {
  return {
    words: `deploy ${version} --steps ${shares.join(',')} --every ${every}`,
    run: (engine, request) => deploy(engine, { ...request, version, shares, every }),
  };
}

export interface RollbackWords {
  readonly to?: string;
  readonly shares?: readonly number[];
  readonly every?: number;
  readonly emergency?: boolean;
  readonly supersede?: string;
  readonly alert?: boolean;
}

export function rollbackOf(words: RollbackWords = {}): Command {
  return {
    words: `rollback ${JSON.stringify(words)}`,
    breaksGlass: () => true,
    run: (engine, request) =>
      rollback(engine, {
        ...request,
        to: words.to ?? null,
        shares: words.shares ?? [100],
        every: words.every ?? 0,
        emergency: words.emergency ?? false,
        supersede: words.supersede ?? null,
        person: words.alert !== true,
        evidence: words.alert === true ? 'errors of it rose' : null,
        fingerprint: null,
        detach: false,
      }),
  };
}

export const promoteCommand: Command = { words: 'promote', run: promote };
export const abortCommand: Command = { words: 'abort', run: abort };
/** What is due of one service, as a command does behind its own end where there is no supervisor. */
export const tasksCommand: Command = { words: 'what is due', run: doDueTasks };

/** All that the dead have left and all that is due, of every service. */
export const dueCommand: Command = {
  words: 'resume --due',
  run: async ({ store, clock, processes }, request, engineOf) => {
    // As the command line does: what was done by another database is no row here yet that could be found pending.
    for (const { name } of [served, registryOnly]) {
      const engine = engineOf(name);
      if (engine) await reconcile(engine, request.signal);
    }
    return recover({
      store,
      clock,
      processes,
      engineOf,
      request: () => request,
      perSecond: 50,
      atOnce: 8,
      offset: 0.5,
      signal: request.signal,
    });
  },
};

export function resumeOf(operation: string | null, abandon = false): Command {
  return {
    words: `resume ${operation ?? ''}${abandon ? ' --abandon' : ''}`,
    breaksGlass: (record) => record.operation?.kind === 'rollback' || record.operation?.kind === 'abort',
    run: (engine, request) => resume(engine, { ...request, operation, abandon }),
  };
}

export function guardOf(time: number): Command {
  return { words: `guard --for ${time}`, run: (engine, request) => guard(engine, { ...request, for: time }) };
}

const hold: Command = {
  words: 'hold',
  run: (engine, { actor, reason, signal }) => {
    const { service } = engine;
    return changeMarks(engine, 'hold', signal, async (transaction, at) => {
      await ensureService(transaction, service.name, service.model);
      await setHold(transaction, service.name, { since: at, reason, actor, operation: null });
    });
  },
};

export const unhold: Command = {
  words: 'unhold',
  run: (engine, { actor, reason, signal }) => {
    const { service } = engine;
    return changeMarks(engine, 'unhold', signal, async (transaction, at) => {
      await ensureService(transaction, service.name, service.model);
      await liftHold(transaction, service.name, actor, reason, at);
    });
  },
};

function quarantineOf(version: string): Command {
  return {
    words: `quarantine ${version}`,
    run: (engine, { actor, reason, signal }) => {
      const { service } = engine;
      return changeMarks(engine, 'quarantine', signal, async (transaction, since) => {
        await ensureService(transaction, service.name, service.model);
        const { name } = service;
        await addQuarantine(transaction, { service: name, version, since, reason, actor, operation: null, evidence: null });
      });
    },
  };
}

export function unquarantineOf(version: string): Command {
  return {
    words: `unquarantine ${version}`,
    run: (engine, { actor, reason, signal }) => {
      const { service } = engine;
      return changeMarks(engine, 'unquarantine', signal, (transaction, at) =>
        liftQuarantine(transaction, { service: service.name, version, at, operation: null, actor, reason }),
      );
    },
  };
}

/** What somebody does next, who sees which operation holds the lane and whether the service is held. */
export function drawCommand(chance: Chance, { lane, held }: { readonly lane: string | null; readonly held: boolean }): Command {
  const version = chance.of(versions);
  const draw = chance.weighted<() => Command>([
    [() => deployOf(version, [100], 0), 4],
    [() => deployOf(version, [10, 50, 100], chance.between(2, 6) * 1000), 3],
    [() => deployOf(version, [25, 100], 3_000), 1],
    [() => deployOf(version, [20], 0), 3],
    [() => promoteCommand, 3],
    [() => abortCommand, 2],
    [() => rollbackOf(), 4],
    [() => rollbackOf({ alert: true }), 1],
    [() => rollbackOf({ to: version }), 2],
    [() => rollbackOf({ shares: [10, 50, 100], every: 2_000 }), 1],
    [() => rollbackOf({ emergency: true }), 1],
    [() => rollbackOf({ to: version, ...(lane === null ? {} : { supersede: lane }) }), 1],
    [() => resumeOf(null), 2],
    [() => resumeOf(null, true), 0.2],
    [() => guardOf(3_000), 1.5],
    [() => dueCommand, 1],
    [() => hold, 0.4],
    [() => unhold, held ? 10 : 0.3],
    [() => quarantineOf(version), 0.4],
    [() => unquarantineOf(version), 1],
  ])();
  const overrides = chance.often(0.25) ? ['hold', 'quarantine', 'never-served', 'guard'] : [];
  return { ...draw, overrides };
}
