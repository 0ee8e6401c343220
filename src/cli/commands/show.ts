import { exit } from '../../model/errors.ts';
import { requireVersion, statusChanges } from '../../registry/versions.ts';
import { showDocument, showText } from '../../report/show.ts';
import { versionView } from '../../report/versions.ts';
import { serviceAndVersion } from '../arguments.ts';
import type { Run } from '../definition.ts';
import { screenFor } from '../screen.ts';
import { seenBy } from '../seen-by.ts';
import { openService } from '../session.ts';

export const run: Run = async (terminal, globals, [operand], options) => {
  const { service: named, version: name } = serviceAndVersion(String(operand));
  await using session = await openService(terminal, globals, named, { purpose: 'registry' });
  const { engine } = session;
  const { store, service, artifacts } = engine;
  const version = await requireVersion(store.read, service.model, name);
  const seen = await seenBy(engine);
  const faults = await artifacts.verify(version.bundle, options['verify'] === true ? 'full' : 'quick');
  const view = {
    seen: versionView(version, seen),
    version,
    changes: await statusChanges(store.read, service.model, name),
    tenures: seen.tenures.filter((tenure) => tenure.version === name),
    damage: faults.map(({ path, fault }) => `${path} is ${fault}`),
  };
  screenFor(terminal, globals).show(
    () => showDocument(view),
    (paper) => showText(view, paper),
  );
  return faults.length === 0 ? exit.done : exit.refused;
};
