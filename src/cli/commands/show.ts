import { exit } from '../../model/errors.ts';
import { quarantined } from '../../registry/quarantine.ts';
import { requireVersion } from '../../registry/versions.ts';
import { serviceAndVersion } from '../arguments.ts';
import type { Run } from '../program.ts';
import { screenFor } from '../screen.ts';
import { openService } from '../session.ts';

export const run: Run = async (terminal, globals, [operand], options) => {
  const { service: named, version: name } = serviceAndVersion(String(operand));
  await using session = await openService(terminal, globals, named, { purpose: 'read' });
  const { store, service, artifacts } = session.engine;
  const version = await requireVersion(store.read, service.model, name);
  const faults = await artifacts.verify(version.bundle, options['verify'] === true ? 'full' : 'quick');
  const quarantine = (await quarantined(store.read, service.name)).get(name) ?? null;
  screenFor(terminal, globals).show({ service: service.name, version, quarantine, faults, verified: options['verify'] === true });
  return faults.length === 0 ? exit.done : exit.refused;
};
