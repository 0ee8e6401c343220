import { exit } from '../../model/errors.ts';
import { setHold } from '../../registry/hold.ts';
import { ensureService } from '../../registry/services.ts';
import { changeMarks } from '../../operate/marks.ts';
import { textOf } from '../arguments.ts';
import { changeRequest } from '../change.ts';
import type { Run } from '../definition.ts';
import { screenFor } from '../screen.ts';
import { openService } from '../session.ts';

export const run: Run = async (terminal, globals, [operand], options) => {
  const screen = screenFor(terminal, globals);
  await using session = await openService(terminal, globals, textOf(operand), { purpose: 'mark' });
  const { actor, reason } = await changeRequest(terminal, globals, session, screen, options, 'hold');
  const { service } = session.engine;
  await changeMarks(session.engine, 'hold', terminal.interrupted, async (transaction, at) => {
    await ensureService(transaction, service.name, service.model);
    await setHold(transaction, service.name, { since: at, reason, actor, operation: null });
  });
  screen.said(
    { schema: 'sofare/hold@1', service: service.name, held: true, reason, actor },
    `${service.name} is held: no new version comes in until sofare unhold ${service.name}`,
  );
  return exit.done;
};
