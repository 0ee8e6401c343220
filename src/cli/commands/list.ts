import { exit } from '../../model/errors.ts';
import { quarantined } from '../../registry/quarantine.ts';
import { readService } from '../../registry/services.ts';
import { listVersions } from '../../registry/versions.ts';
import { countOf, textOf } from '../arguments.ts';
import type { Run } from '../program.ts';
import { screenFor } from '../screen.ts';
import { openService } from '../session.ts';

const shown = 50;

export const run: Run = async (terminal, globals, [operand], options) => {
  await using session = await openService(terminal, globals, textOf(operand), { purpose: 'read' });
  const { store, service } = session.engine;
  const versions = await listVersions(store.read, service.model, { limit: countOf(options['number'], shown) });
  const row = await readService(store.read, service.name);
  screenFor(terminal, globals).list({ service: service.name, model: service.model, versions, pointer: row?.pointer ?? null, quarantined: await quarantined(store.read, service.name) });
  return exit.done;
};
