import type { Engine } from '../execute/engine.ts';
import { fail } from '../model/errors.ts';
import type { ModelVersion } from '../model/version.ts';
import type { Writer } from '../model/writer.ts';
import type { Past, PastRevision } from '../ports/past.ts';
import { adopt } from '../registry/adopt.ts';
import { emptyBundle } from '../registry/bundle.ts';
import { registerVersion } from '../registry/register.ts';
import { ensureService } from '../registry/services.ts';
import { changeMarks } from './marks.ts';
import { type LeftRevision, type NamedRevision, nameRevisions } from './name-revisions.ts';
import { reconcile } from './reconcile.ts';

export interface PastWanted {
  /** What ran before, as the target calls it. */
  readonly workload: string;
  /** The version that it serves. */
  readonly version: string;
  /** Versions by revision, where nothing else says them. */
  readonly named: Readonly<Record<string, string>>;
  /** Since when it has served; null: as the target tells. */
  readonly since: number | null;
  readonly actor: string;
  readonly reason: string;
}

export interface AdoptedPast {
  /** False: it was in the history already. */
  readonly adopted: boolean;
  readonly since: number;
  /** Oldest first; the last one serves. */
  readonly revisions: readonly { readonly revision: number; readonly version: string; readonly image: string }[];
  readonly left: readonly LeftRevision[];
  readonly workload: string;
  /** Those that may change what serves by themselves. */
  readonly writers: readonly Writer[];
}

/**
 * Takes a workload that was there before sofare, and what it ran earlier, as versions: registered, known to the target, in the history as
 * imported. Nothing that runs is touched. Each part is there already or is done, so that after any death the same command goes on.
 */
export async function adoptPast(engine: Engine, wanted: PastWanted, signal: AbortSignal): Promise<AdoptedPast> {
  const past = engine.world?.target.past ?? noPast(engine.service.name);
  await reconcile(engine, signal);
  const { revisions, writers } = await past.read(wanted.workload, signal);
  const { named, left } = nameRevisions(revisions, wanted.version, wanted.named);
  const registered = await registerAll(engine, named, wanted);
  await past.keep(
    wanted.workload,
    named.flatMap(({ past: { revision }, version }) => {
      const known = registered.get(version);
      return known ? [{ revision, version: known }] : [];
    }),
    signal,
  );
  const { model, name: service } = engine.service;
  const { actor, reason } = wanted;
  const since = wanted.since ?? named.at(-1)?.past.since ?? 0;
  const adopted = await changeMarks(engine, 'adopt', signal, async (transaction, at) => {
    await ensureService(transaction, service, model);
    const before = named.slice(0, -1).map(({ past: told, version }) => ({ version, since: told.since, reason: reasonOf(told) }));
    return adopt(transaction, {
      service,
      version: wanted.version,
      since,
      at,
      served: true,
      before,
      verified: false,
      actor,
      reason,
    });
  });
  return {
    adopted,
    since,
    revisions: named.map(({ past: { revision, image }, version }) => ({ revision, version, image: image ?? '' })),
    left,
    workload: wanted.workload,
    writers: writers.filter(({ active }) => active),
  };
}

async function registerAll(
  engine: Engine,
  named: readonly NamedRevision[],
  { actor }: PastWanted,
): Promise<ReadonlyMap<string, ModelVersion>> {
  return engine.store.transaction('register', async (transaction, at) => {
    const registered = new Map<string, ModelVersion>();
    for (const { past, version } of named) {
      const bundle = { ...emptyBundle, image: past.image, configuration: { pods: past.digest } };
      const registration = { model: engine.service.model, version, draft: false, bundle, actor, reason: reasonOf(past) };
      registered.set(version, (await registerVersion(transaction, registration, at)).version);
    }
    return registered;
  });
}

function reasonOf({ revision, cause }: PastRevision): string {
  return cause === null ? `revision ${revision}` : `revision ${revision}: ${cause}`;
}

function noPast(service: string): Past {
  return fail({
    code: 'usage',
    what: `${service} has no past that could be read`,
    why: '--deployment names what ran before in a cluster, and this service is served by something else',
    touched: 'no',
    next: 'sofare adopt VERSION, without --deployment',
  });
}
