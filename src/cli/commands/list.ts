import { exit } from '../../model/errors.ts';
import { listVersions } from '../../registry/versions.ts';
import { versionsDocument, versionsText, versionView } from '../../report/versions.ts';
import { countOf, textOf } from '../arguments.ts';
import type { Run } from '../definition.ts';
import { screenFor } from '../screen.ts';
import { seenBy } from '../seen-by.ts';
import { openService } from '../session.ts';

const shown = 50;

export const run: Run = async (terminal, globals, [operand], options) => {
  await using session = await openService(terminal, globals, textOf(operand), { purpose: 'registry' });
  const { store, service } = session.engine;
  const seen = await seenBy(session.engine);
  const versions = await listVersions(store.read, service.model, { limit: countOf(options['number'], shown) });
  const views = versions.map((version) => versionView(version, seen));
  screenFor(terminal, globals).show(
    () => versionsDocument(service.model, views),
    (paper) => versionsText(service.model, views, paper),
  );
  return exit.done;
};
