import { dirname, join, resolve } from 'node:path';
import type { Configuration } from '../configure/configuration.ts';
import type { Engine } from '../execute/engine.ts';
import { fail, type Problem } from '../model/errors.ts';
import type { Service } from '../model/service.ts';
import { implicitService } from '../model-version-manager.ts';
import type { HostClient } from '../adapters/kit/host-client.ts';
import { requireName } from '../registry/names.ts';
import { databaseOf, usualLease } from '../configure/database.ts';
import { type Clusters, clusters, makeEngine } from '../wire.ts';
import { chooseService } from './choose-service.ts';
import { findConfiguration } from './find-configuration.ts';
import { systemJournalDisk } from './journal-disk.ts';
import { journalsToTakeIn } from './local-journal.ts';
import { openRows, type Rows } from './open-rows.ts';
import { serviceOf } from './service-of.ts';
import type { Globals, Terminal } from './terminal.ts';

/**
 * registry: reads the registry alone. read: looks at what serves as well; neither ever writes or starts anything.
 * register: writes the registry, touches nothing that serves. mark: also tells the record beside what serves, where that runs.
 * change: may move what serves, so the local host is started.
 */
export type Purpose = 'registry' | 'read' | 'register' | 'mark' | 'change';

export interface Opening {
  readonly purpose: Purpose;
  readonly announce?: Engine['announce'];
}

/** One service with everything open that a command needs of it. */
export interface Session extends AsyncDisposable {
  readonly engine: Engine;
  readonly configuration: Configuration | null;
  readonly host: HostClient | null;
  /** Which state is used and how it was found; printed on every plan. */
  readonly where: string;
}

export async function openService(
  terminal: Terminal,
  globals: Globals,
  named: string | null,
  opening: Opening,
): Promise<Session> {
  const configuration = await findConfiguration(terminal, globals);
  if (globals.model !== undefined) return openRegistry(terminal, globals, globals.model, configuration, opening);
  const found = configuration ?? noConfiguration();
  return open(terminal, found, chooseService(found, named), opening);
}

/** The named service, or every one. */
export async function openSeveral(
  terminal: Terminal,
  globals: Globals,
  named: string | null,
  opening: Opening,
): Promise<Sessions> {
  if (named === null) return openAll(terminal, globals, opening);
  const session = await openService(terminal, globals, named, opening);
  return { each: [session], [Symbol.asyncDispose]: () => session[Symbol.asyncDispose]() };
}

export interface Sessions extends AsyncDisposable {
  readonly each: readonly Session[];
}

/** Every configured service, or the one of --model, all with one store, so that what they write at once shares its commits. */
export async function openAll(terminal: Terminal, globals: Globals, opening: Opening): Promise<Sessions> {
  const configuration = globals.model === undefined ? ((await findConfiguration(terminal, globals)) ?? noConfiguration()) : null;
  if (!configuration) {
    const session = await openService(terminal, globals, null, opening);
    return { each: [session], [Symbol.asyncDispose]: () => session[Symbol.asyncDispose]() };
  }
  const services = Object.values(configuration.services);
  const shared = await openShared(
    terminal,
    configuration,
    opening.purpose,
    services.some((service) => isHosted(service)),
  );
  const each = await Promise.all(services.map((service) => sessionOf(configuration, service, opening, shared, async () => {})));
  return { each, [Symbol.asyncDispose]: shared.close };
}

/** The service that an operation is of. */
export async function openOperation(terminal: Terminal, globals: Globals, operation: string, opening: Opening): Promise<Session> {
  const configuration = await findConfiguration(terminal, globals);
  if (globals.model !== undefined || !configuration) return openService(terminal, globals, null, opening);
  const service = await serviceOf(terminal, configuration, operation);
  return openService(terminal, globals, service, opening);
}

async function open(terminal: Terminal, configuration: Configuration, service: Service, opening: Opening): Promise<Session> {
  const shared = await openShared(terminal, configuration, opening.purpose, isHosted(service));
  return sessionOf(configuration, service, opening, shared, shared.close);
}

/** What the services of one configuration share. */
interface Shared extends Rows {
  readonly host: { readonly client: HostClient; readonly supervised: boolean } | null;
  /** Null where what serves is not looked at. */
  readonly clusters: Clusters | null;
  readonly close: () => Promise<void>;
}

function isHosted({ serving }: Service): boolean {
  return serving !== null && serving.cluster === undefined;
}

async function openShared(terminal: Terminal, configuration: Configuration, purpose: Purpose, hosted: boolean): Promise<Shared> {
  const readOnly = purpose === 'read' || purpose === 'registry';
  const rows = await openRows(terminal, join(configuration.state, 'registry'), configuration.database, readOnly);
  const looks = purpose === 'read' || purpose === 'mark' || purpose === 'change';
  const host = hosted && looks ? await reached(terminal, configuration, purpose === 'change') : null;
  if (hosted && purpose === 'change' && !host) fail(noHost(configuration));
  const reachedClusters = looks ? clusters() : null;
  const close = async (): Promise<void> => {
    host?.client.close();
    await reachedClusters?.close();
    await rows.store.close();
  };
  return { ...rows, host, clusters: reachedClusters, close };
}

async function sessionOf(
  configuration: Configuration,
  service: Service,
  { announce, purpose }: Opening,
  { registry, store, failpoints, where, host: shared, clusters: inClusters }: Shared,
  close: () => Promise<void>,
): Promise<Session> {
  const host = isHosted(service) ? shared : null;
  const engine = await makeEngine({
    service,
    registry,
    store,
    failpoints,
    host: host?.client ?? null,
    clusters: inClusters,
    supervised: host?.supervised ?? false,
    notify: configuration.notify && { command: configuration.notify.command, directory: dirname(configuration.file) },
    announce: announce ?? (() => {}),
    ...(purpose === 'mark' || purpose === 'change' ? { glass: journalsToTakeIn(systemJournalDisk(failpoints)) } : {}),
  });
  return {
    engine,
    configuration,
    host: host?.client ?? null,
    where: `${configuration.state} (${configuration.found})${where}`,
    [Symbol.asyncDispose]: close,
  };
}

/** Loaded only by commands that look at what serves. */
async function reached(terminal: Terminal, configuration: Configuration, start: boolean) {
  const { reachHost } = await import('./reach-host.ts');
  // What a host has started must not start another: it may just be going down.
  return reachHost(terminal, configuration, start && terminal.environment['SOFARE_SUPERVISED'] === undefined);
}

/** A model in a registry with nothing served: commands move the pointer alone, and say so. */
async function openRegistry(
  terminal: Terminal,
  globals: Globals,
  model: string,
  configuration: Configuration | null,
  { purpose, announce }: Opening,
): Promise<Session> {
  requireName('model', model);
  const root = resolve(terminal.directory, globals.registry ?? join('.sofare', 'registry'));
  const serving = Object.values(configuration?.services ?? {}).find((service) => service.model === model);
  if (serving && resolve(configuration?.state ?? '', 'registry') === root) {
    fail({
      code: 'registry.serves',
      what: `the service ${serving.name} serves ${model}`,
      why: 'moving the pointer alone would leave registry and reality apart',
      touched: 'no',
      next: `the same command with ${serving.name} in place of --model ${model}`,
    });
  }
  const readOnly = purpose === 'read' || purpose === 'registry';
  const rows = await openRows(
    terminal,
    root,
    configuration?.database ?? databaseOf(undefined, usualLease, terminal.environment),
    readOnly,
  );
  const { registry, store, failpoints } = rows;
  const engine = await makeEngine({
    service: implicitService(model),
    registry,
    store,
    failpoints,
    host: null,
    clusters: null,
    supervised: false,
    notify: null,
    announce: announce ?? (() => {}),
  });
  return {
    engine,
    configuration: null,
    host: null,
    where: `${root} (--model ${model}; nothing served is touched)${rows.where}`,
    [Symbol.asyncDispose]: () => store.close(),
  };
}

function noHost(configuration: Configuration): Problem {
  return {
    code: 'target.unreachable',
    what: 'the local host does not run',
    why: `it serves what ${configuration.file} names, and it went down`,
    touched: 'no',
    next: 'sofare up',
  };
}

function noConfiguration(): never {
  return fail({
    code: 'config.missing',
    what: 'there is no sofare.yaml here or above',
    why: 'without one only a registry can be worked on, named by --model and --registry',
    touched: 'no',
    next: 'sofare init',
  });
}
