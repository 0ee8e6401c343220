import type { Engine } from '../execute/engine.ts';
import { importJournal } from '../execute/import-journal.ts';
import type { ServiceRecord } from '../model/service-record.ts';

/**
 * Takes in what was done without the registry, now that there is one: first its rows, in one transaction, then the stamp comes off the
 * record. Killed between the two, the next command finds every row there already.
 */
export async function takeInJournal(engine: Engine, record: ServiceRecord, signal: AbortSignal): Promise<void> {
  const { breakGlass, operation } = record;
  if (!breakGlass || !engine.glass || engine.glass.stamp !== null || !engine.world) return;
  // Whoever works on it still has it open: it is waited for like any other.
  if (operation?.state === 'running' && operation.owner && engine.processes.life(operation.owner) !== 'gone') return;
  const local = await engine.glass.open(breakGlass.journal);
  if (local === null) return;
  try {
    await importJournal(engine, local.store, local.seeded, record);
  } finally {
    await local.store.close();
  }
  await unstamp(engine, breakGlass.journal, signal);
  await engine.glass.putAside(breakGlass.journal);
}

async function unstamp({ world }: Engine, journal: string, signal: AbortSignal): Promise<void> {
  while (world) {
    const { revision, value } = await world.record.read(signal);
    if (value?.breakGlass?.journal !== journal) return;
    const { breakGlass: _imported, ...rest } = value;
    if (await world.record.swap(revision, rest, signal)) return;
  }
}
