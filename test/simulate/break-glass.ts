import { whyBroken } from '../../src/cli/break-glass.ts';
import { beginJournal } from '../../src/cli/local-journal.ts';
import type { JournalDisk } from '../../src/cli/journal-disk.ts';
import { endedWithout, withoutRegistry } from '../../src/cli/without-registry.ts';
import type { Engine } from '../../src/execute/engine.ts';
import type { Glass } from '../../src/execute/glass.ts';
import { type ServiceRecord, understood } from '../../src/model/service-record.ts';
import type { Store } from '../../src/store/store.ts';
import type { SimulatedProcess } from './simulated-process.ts';

export interface Breaking {
  readonly process: SimulatedProcess;
  readonly disk: JournalDisk;
  /** The engine that could not use its registry. */
  readonly usual: Engine;
  readonly error: unknown;
  readonly actor: string;
  readonly fits: (record: ServiceRecord) => boolean;
  readonly engineOn: (store: Store, glass: Glass) => Engine;
}

/** As the command line does it after an error: the same command from the record, on a journal of its own; or the error stands. */
export async function fromRecord<Outcome>(
  { process, disk, usual, error, actor, fits, engineOn }: Breaking,
  work: (engine: Engine) => Promise<Outcome>,
): Promise<Outcome> {
  const why = whyBroken(error);
  if (why === null || usual.world === null) throw error;
  const { service, world } = usual;
  const opened = async () => {
    const { value: record } = understood(await world.record.read(process.interrupt.signal));
    if (record === null || !fits(record)) return null;
    const name = `${service.name}-${process.name.replaceAll('/', '-')}`;
    return withoutRegistry(record, {
      disk,
      actor,
      because: why.what,
      looksOn: false,
      begin: () => beginJournal(disk, [`/${process.machine.name}/break-glass`], name),
      makeEngine: async (store, glass) => engineOn(store, glass),
    });
  };
  const without = await opened().catch(() => null);
  if (without === null) throw error;
  try {
    return await work(without.engine);
  } catch (second) {
    throw endedWithout(second, error);
  } finally {
    await without.close();
  }
}
