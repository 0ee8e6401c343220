import { exit, fail } from '../../model/errors.ts';
import { readService } from '../../registry/services.ts';
import { currentDocument, currentText } from '../../report/current.ts';
import { textOf } from '../arguments.ts';
import type { Run } from '../definition.ts';
import { screenFor } from '../screen.ts';
import { openService } from '../session.ts';

export const run: Run = async (terminal, globals, [operand]) => {
  await using session = await openService(terminal, globals, textOf(operand), { purpose: 'registry' });
  const { store, service } = session.engine;
  const row = await readService(store.read, service.name);
  if (!row?.pointer) {
    fail({
      code: 'nothing-in-production',
      what: `no version of ${service.name} is in production`,
      why: 'nothing was deployed or adopted yet',
      touched: 'no',
      next: service.serving ? `sofare deploy ${service.name}@VERSION` : `sofare deploy VERSION --model ${service.model}`,
    });
  }
  const view = { service: service.name, model: service.model, version: row.pointer, since: row.pointedAt };
  screenFor(terminal, globals).show(
    () => currentDocument(view),
    (paper) => currentText(view, paper, terminal.outputIsTerminal),
  );
  return exit.done;
};
