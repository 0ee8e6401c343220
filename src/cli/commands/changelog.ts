import { exit } from '../../model/errors.ts';
import { generateChangelog } from '../../registry/changelog.ts';
import { listVersions } from '../../registry/versions.ts';
import { changelogDocument, changelogText } from '../../report/changelog.ts';
import { textOf } from '../arguments.ts';
import type { Run } from '../definition.ts';
import { screenFor } from '../screen.ts';
import { openService } from '../session.ts';

export const run: Run = async (terminal, globals, [operand], options) => {
  await using session = await openService(terminal, globals, textOf(operand), { purpose: 'registry' });
  const { store, service } = session.engine;
  const [from, to] = [textOf(options['since']), textOf(options['to'])];
  const markdown = generateChangelog(service.model, await listVersions(store.read, service.model), {
    ...(from === null ? {} : { from }),
    ...(to === null ? {} : { to }),
  });
  screenFor(terminal, globals).show(
    () => changelogDocument(service.model, markdown),
    (paper) => changelogText(markdown, paper),
  );
  return exit.done;
};
