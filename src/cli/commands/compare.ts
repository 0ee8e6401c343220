import { exit } from '../../model/errors.ts';
import { compareVersions } from '../../registry/compare.ts';
import { requireVersion } from '../../registry/versions.ts';
import { compareDocument, compareText } from '../../report/compare.ts';
import { serviceAndVersion } from '../arguments.ts';
import type { Run } from '../definition.ts';
import { screenFor } from '../screen.ts';
import { openService } from '../session.ts';

export const run: Run = async (terminal, globals, [one, other]) => {
  const from = serviceAndVersion(String(one));
  const to = serviceAndVersion(String(other));
  await using session = await openService(terminal, globals, from.service ?? to.service, { purpose: 'registry' });
  const { store, service } = session.engine;
  const comparison = compareVersions(
    await requireVersion(store.read, service.model, from.version),
    await requireVersion(store.read, service.model, to.version),
  );
  screenFor(terminal, globals).show(
    () => compareDocument(service.model, comparison),
    (paper) => compareText(service.model, comparison, paper),
  );
  return exit.done;
};
