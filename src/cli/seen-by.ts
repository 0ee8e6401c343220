import type { Engine } from '../execute/engine.ts';
import { knownGood } from '../operate/situation.ts';
import { readHistory } from '../registry/history.ts';
import { quarantined } from '../registry/quarantine.ts';
import { readService } from '../registry/services.ts';
import { tenures } from '../registry/tenures.ts';
import type { VersionsInput } from '../report/versions.ts';

/** How a service sees the versions of its model. */
export async function seenBy(engine: Engine): Promise<VersionsInput> {
  const { store, service } = engine;
  const events = await readHistory(store.read, service.name, { limit: 1000 });
  return {
    pointer: (await readService(store.read, service.name))?.pointer ?? null,
    quarantined: await quarantined(store.read, service.name),
    tenures: tenures(events, service.serving ? 'share' : 'pointed'),
    knownGood: (tenure) => knownGood(engine, tenure),
  };
}
