import { join } from 'node:path';
import { HostRefusal } from '../adapters/kit/host-client.ts';
import { type ExitCode, type Problem, type ProblemCode, ProblemError } from '../model/errors.ts';
import type { ServiceRecord } from '../model/service-record.ts';
import type { Configuration } from '../configure/configuration.ts';
import type { Service } from '../model/service.ts';
import { registryFolder } from '../registry/registry-folder.ts';
import { type Clusters, clusters, failpointsFrom, makeEngine, openLocalStore, recordFor } from '../wire.ts';
import { chooseService } from './choose-service.ts';
import { findConfiguration } from './find-configuration.ts';
import { type JournalDisk, systemJournalDisk } from './journal-disk.ts';
import { type Begun, beginJournal, journalFolders } from './local-journal.ts';
import type { Reached } from './reach-host.ts';
import type { Opening, Session } from './session.ts';
import type { Globals, Terminal } from './terminal.ts';
import { endedWithout, withoutRegistry } from './without-registry.ts';

/** The registry is there and cannot be used. A database that answers that it will not is no broken glass. */
const broken: readonly ProblemCode[] = [
  'registry.full',
  'registry.damaged',
  'registry.read-only',
  'registry.unreachable',
  'registry.busy',
  'disk.failed',
];

/** For a look alone, nothing is kept. */
const inMemory = ':memory:';

/** Which operation or service a command is about, where its words say so. */
export interface Wanted {
  readonly service?: string | null;
  readonly operation?: string | null;
}

/**
 * Does a command's work with the registry, and, where that cannot be used, without it: from the record beside what serves, on a journal
 * of its own that is taken into the registry later. Whoever may speak to the local host may do this, for what serves is theirs; nobody
 * else can. `fits` says whether the operation that the record shows may be gone on with.
 */
export async function orFromRecord(
  terminal: Terminal,
  globals: Globals,
  wanted: Wanted,
  opening: Opening,
  usual: () => Promise<Session>,
  work: (session: Session) => Promise<ExitCode>,
  fits: (record: ServiceRecord) => boolean = () => true,
): Promise<ExitCode> {
  try {
    await using session = await usual();
    return await work(session);
  } catch (error) {
    return fromRecord(terminal, globals, wanted, opening, error, work, fits);
  }
}

/** The part of it that comes after an error. */
export async function fromRecord(
  terminal: Terminal,
  globals: Globals,
  wanted: Wanted,
  opening: Opening,
  error: unknown,
  work: (session: Session) => Promise<ExitCode>,
  fits: (record: ServiceRecord) => boolean = () => true,
): Promise<ExitCode> {
  const why = whyBroken(error) ?? (opening.purpose === 'read' ? notThere(error) : null);
  if (why === null) throw error;
  const opened = await openFromRecord(terminal, globals, wanted, opening, why, fits).catch(() => null);
  if (opened === null) throw error;
  await using session = opened;
  try {
    return await work(session);
  } catch (second) {
    throw endedWithout(second, error);
  }
}

/** The problem of the registry behind an error, wherever it is wrapped; null when it was something else. */
export function whyBroken(error: unknown): Problem | null {
  if (error instanceof SuppressedError) return whyBroken(error.suppressed) ?? whyBroken(error.error);
  if (!(error instanceof ProblemError) || error instanceof HostRefusal) return null;
  return broken.includes(error.problem.code) ? error.problem : whyBroken(error.cause);
}

/** Another machine's registry may be the one that knows: what it said beside what serves can be looked at. */
function notThere(error: unknown): Problem | null {
  return error instanceof ProblemError && error.problem.code === 'registry.missing' ? error.problem : null;
}

async function openFromRecord(
  terminal: Terminal,
  globals: Globals,
  wanted: Wanted,
  { announce, purpose }: Opening,
  why: Problem,
  fits: (record: ServiceRecord) => boolean,
): Promise<Session | null> {
  const configuration = globals.model === undefined ? await findConfiguration(terminal, globals) : null;
  if (!configuration) return null;
  const looksOn = purpose === 'read';
  const among = wanted.operation ? Object.values(configuration.services) : [chooseService(configuration, wanted.service ?? null)];
  const hosted = among.some(({ serving }) => serving !== null && serving.cluster === undefined);
  const host = hosted ? await hostOf(terminal, configuration, looksOn) : null;
  const inClusters = clusters();
  const found = await serviceOf(terminal, among, { host, clusters: inClusters }, wanted.operation ?? null);
  if (!found || !fits(found.record)) return null;
  const { service, record } = found;
  const failpoints = failpointsFrom(terminal.environment);
  const disk = systemJournalDisk(failpoints);
  const without = await withoutRegistry(record, {
    disk,
    looksOn,
    actor: terminal.actor,
    because: `${why.what} (${why.why})`,
    begin: () => begin(terminal, configuration, service, looksOn, disk),
    makeEngine: (store, glass) =>
      makeEngine({
        service,
        registry: registryFolder(join(configuration.state, 'registry')),
        store,
        failpoints,
        host: host?.client ?? null,
        clusters: inClusters,
        supervised: host?.supervised ?? false,
        notify: null,
        announce: announce ?? (() => {}),
        glass,
      }),
  });
  if (!without) return null;
  const { engine, stamp, close } = without;
  return {
    engine,
    configuration,
    host: host?.client ?? null,
    where: `${configuration.state} (${configuration.found}), without its registry: ${why.what}${looksOn ? '' : `; journal ${stamp.journal}`}`,
    [Symbol.asyncDispose]: async () => {
      host?.client.close();
      await inClusters.close();
      await close();
    },
  };
}

async function hostOf(terminal: Terminal, configuration: Configuration, looksOn: boolean): Promise<Reached | null> {
  const { reachHost } = await import('./reach-host.ts');
  return reachHost(terminal, configuration, !looksOn && terminal.environment['SOFARE_SUPERVISED'] === undefined);
}

async function serviceOf(
  terminal: Terminal,
  among: readonly Service[],
  reached: { readonly host: Reached | null; readonly clusters: Clusters },
  operation: string | null,
): Promise<{ readonly service: Service; readonly record: ServiceRecord } | null> {
  for (const service of among) {
    const store = await recordFor(service, reached.host?.client ?? null, reached.clusters);
    const { value } = (await store?.read(terminal.interrupted)) ?? { value: null };
    if (value && (operation === null || value.operation?.id === operation)) return { service, record: value };
  }
  return null;
}

async function begin(
  terminal: Terminal,
  { host }: Configuration,
  { name }: Service,
  looksOn: boolean,
  disk: JournalDisk,
): Promise<Begun | null> {
  if (looksOn) return { journal: inMemory, store: await openLocalStore(inMemory, failpointsFrom(terminal.environment)) };
  const moment = new Date().toISOString().replaceAll(/[-:.]/g, '');
  return beginJournal(disk, journalFolders(host, terminal.environment, terminal.user), `${name}-${moment}`);
}
