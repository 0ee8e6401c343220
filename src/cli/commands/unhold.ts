import { exit } from '../../model/errors.ts';
import { liftHold } from '../../registry/hold.ts';
import { ensureService } from '../../registry/services.ts';
import { textOf } from '../arguments.ts';
import { changeRequest } from '../change.ts';
import type { Run } from '../definition.ts';
import { screenFor } from '../screen.ts';
import { openService } from '../session.ts';

export const run: Run = async (terminal, globals, [operand], options) => {
  const screen = screenFor(terminal, globals);
  await using session = await openService(terminal, globals, textOf(operand), { purpose: 'register' });
  const { actor, reason } = await changeRequest(terminal, globals, session, screen, options, 'unhold');
  const { store, service } = session.engine;
  await store.transaction(
    'unhold',
    async (transaction, at) => {
      await ensureService(transaction, service.name, service.model);
      await liftHold(transaction, service.name, actor, reason, at);
    },
    service.name,
  );
  screen.said(
    { schema: 'sofare/hold@1', service: service.name, held: false, reason, actor },
    `${service.name} takes new versions again; quarantined ones stay out`,
  );
  return exit.done;
};
