import { exit } from '../../model/errors.ts';
import { liftHold } from '../../registry/hold.ts';
import { ensureService } from '../../registry/services.ts';
import { releaseOwner } from '../../operate/end-hold.ts';
import { changeMarks } from '../../operate/marks.ts';
import { textOf } from '../arguments.ts';
import { changeRequest } from '../change.ts';
import type { Run } from '../definition.ts';
import { screenFor } from '../screen.ts';
import { openService } from '../session.ts';

export const run: Run = async (terminal, globals, [operand], options) => {
  const screen = screenFor(terminal, globals);
  await using session = await openService(terminal, globals, textOf(operand), { purpose: 'mark' });
  const { actor, reason } = await changeRequest(terminal, globals, session, screen, options, 'unhold');
  const { service } = session.engine;
  await changeMarks(session.engine, 'unhold', terminal.interrupted, async (transaction, at) => {
    await ensureService(transaction, service.name, service.model);
    await liftHold(transaction, service.name, actor, reason, at);
  });
  const released = await releaseOwner(session.engine, terminal.interrupted);
  screen.said(
    { schema: 'sofare/hold@1', service: service.name, held: false, reason, actor, released },
    [`${service.name} takes new versions again; quarantined ones stay out`, ...released].join('; '),
  );
  return exit.done;
};
