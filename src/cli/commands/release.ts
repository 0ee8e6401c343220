import { exit } from '../../model/errors.ts';
import { changeStatus } from '../../registry/register.ts';
import { serviceAndVersion } from '../arguments.ts';
import { changeRequest } from '../change.ts';
import type { Run } from '../definition.ts';
import { screenFor } from '../screen.ts';
import { openService } from '../session.ts';

export const run: Run = async (terminal, globals, [operand], options) => {
  const { service, version } = serviceAndVersion(String(operand));
  const screen = screenFor(terminal, globals);
  await using session = await openService(terminal, globals, service, { purpose: 'register' });
  const { actor, reason } = await changeRequest(terminal, globals, session, screen, options, 'release');
  const { store } = session.engine;
  const changed = await store.transaction('status', (transaction, at) =>
    changeStatus(transaction, session.engine.service.model, version, 'release', { actor, reason, at }),
  );
  screen.version(changed, `${version} is released`);
  return exit.done;
};
