import { promote } from '../../operate/promote.ts';
import { textOf } from '../arguments.ts';
import { changeRequest, ended } from '../change.ts';
import type { Run } from '../definition.ts';
import { screenFor } from '../screen.ts';
import { openService } from '../session.ts';

export const run: Run = async (terminal, globals, [service], options) => {
  const screen = screenFor(terminal, globals);
  await using session = await openService(terminal, globals, textOf(service), { purpose: 'change', announce: screen.announce });
  return await ended(
    terminal,
    session,
    screen,
    await promote(session.engine, {
      ...(await changeRequest(terminal, globals, session, screen, options, 'promote')),
      full: options['full'] === true,
    }),
  );
};
