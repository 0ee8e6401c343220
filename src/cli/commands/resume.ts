import { exit, type ExitCode } from '../../model/errors.ts';
import { resume } from '../../operate/resume.ts';
import { textOf } from '../arguments.ts';
import { changeRequest, ended } from '../change.ts';
import type { Run } from '../definition.ts';
import { recoverAll } from '../recover-all.ts';
import { screenFor } from '../screen.ts';
import { openAll, openOperation, openService } from '../session.ts';

export const run: Run = async (terminal, globals, [operand], options): Promise<ExitCode> => {
  const screen = screenFor(terminal, globals);
  if (options['due'] === true) {
    await using sessions = await openAll(terminal, globals, { purpose: 'change', announce: screen.announce });
    screen.recovered(await recoverAll(terminal, globals, screen, sessions.each, options));
    return exit.done;
  }
  const operation = textOf(operand);
  await using session = operation
    ? await openOperation(terminal, globals, operation, { purpose: 'change', announce: screen.announce })
    : await openService(terminal, globals, null, { purpose: 'change', announce: screen.announce });
  const request = await changeRequest(
    terminal,
    globals,
    session,
    screen,
    { ...options, yes: options['abandon'] !== true || options['yes'] === true },
    'resume',
  );
  return await ended(
    terminal,
    session,
    screen,
    await resume(session.engine, { ...request, operation, abandon: options['abandon'] === true }),
  );
};
