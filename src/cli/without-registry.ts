import { catchUp } from '../execute/catch-up.ts';
import type { Engine } from '../execute/engine.ts';
import type { Glass } from '../execute/glass.ts';
import { ProblemError } from '../model/errors.ts';
import type { BreakGlassStamp, ServiceRecord } from '../model/service-record.ts';
import type { Artifacts } from '../ports/artifacts.ts';
import type { Store } from '../store/store.ts';
import type { JournalDisk } from './journal-disk.ts';
import { type Begun, discardJournal, isUnused, openJournal, sealSeed } from './local-journal.ts';

export interface Means {
  readonly disk: JournalDisk;
  readonly actor: string;
  /** Why the registry cannot be used, as a sentence. */
  readonly because: string;
  /** A journal of its own; null where none can be had. */
  readonly begin: () => Promise<Begun | null>;
  /** For a look alone: nothing is kept. */
  readonly looksOn: boolean;
  readonly makeEngine: (store: Store, glass: Glass) => Promise<Engine>;
}

export interface WithoutRegistry {
  readonly engine: Engine;
  readonly stamp: BreakGlassStamp;
  /** A journal in which nothing was done leaves nothing behind. */
  readonly close: () => Promise<void>;
}

/** An engine that works from the record: on the journal that was begun there before, or on a new one. Null where there can be none. */
export async function withoutRegistry(record: ServiceRecord, means: Means): Promise<WithoutRegistry | null> {
  const { disk, actor, because, looksOn } = means;
  const earlier = record.breakGlass ? await openJournal(disk, record.breakGlass.journal) : null;
  const begun = earlier ? null : await means.begin();
  const store = earlier?.store ?? begun?.store;
  if (!store) return null;
  const stamp =
    earlier && record.breakGlass ? record.breakGlass : { journal: begun?.journal ?? '', since: await store.now(), actor };
  const made = await means.makeEngine(store, { stamp, because, open: async () => null, putAside: async () => {} });
  const engine = { ...made, artifacts: lenient(made.artifacts) };
  if (begun) await catchUp(engine, record);
  const seeded = begun && !looksOn ? await sealSeed(disk, begun) : null;
  const close = async (): Promise<void> => {
    const unused = begun !== null && seeded !== null && (await isUnused(store, seeded).catch(() => false));
    await store.close();
    if (unused) discardJournal(disk, begun.journal);
  };
  return { engine, stamp, close };
}

/** How a command ended that went on without the registry: the part of it before that may have touched what the second did not. */
export function endedWithout(error: unknown, before: unknown): unknown {
  if (!(error instanceof ProblemError) || !(before instanceof ProblemError)) return error;
  if (error.problem.touched !== 'no' || before.problem.touched === 'no') return error;
  return new ProblemError({ ...error.problem, touched: 'unknown' }, { cause: error });
}

/** What cannot be looked at counts as not there: a version that runs needs no file, and another may be whole. */
function lenient(artifacts: Artifacts): Artifacts {
  return {
    ...artifacts,
    verify: (bundle, depth) =>
      artifacts
        .verify(bundle, depth)
        .catch(() => bundle.artifacts.map(({ digest }) => ({ path: '', digest, fault: 'missing' as const }))),
  };
}
