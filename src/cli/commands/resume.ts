import { exit, type ExitCode } from '../../model/errors.ts';
import { resume } from '../../operate/resume.ts';
import { textOf } from '../arguments.ts';
import { orFromRecord } from '../break-glass.ts';
import { changeRequest, ended } from '../change.ts';
import type { Run } from '../definition.ts';
import { recoverAll } from '../recover-all.ts';
import { screenFor } from '../screen.ts';
import { openAll, openOperation, openService, type Session } from '../session.ts';

export const run: Run = async (terminal, globals, [operand], options): Promise<ExitCode> => {
  const screen = screenFor(terminal, globals);
  if (options['due'] === true) {
    await using sessions = await openAll(terminal, globals, { purpose: 'change', announce: screen.announce });
    screen.recovered(await recoverAll(terminal, globals, screen, sessions.each, options));
    return exit.done;
  }
  const operation = textOf(operand);
  const opening = { purpose: 'change', announce: screen.announce } as const;
  const goOn = async (session: Session): Promise<ExitCode> => {
    const yes = options['abandon'] !== true || options['yes'] === true;
    const request = await changeRequest(terminal, globals, session, screen, { ...options, yes }, 'resume');
    const outcome = await resume(session.engine, { ...request, operation, abandon: options['abandon'] === true });
    return ended(terminal, session, screen, outcome);
  };
  return orFromRecord(
    terminal,
    globals,
    { operation },
    opening,
    () => (operation ? openOperation(terminal, globals, operation, opening) : openService(terminal, globals, null, opening)),
    goOn,
    // What brings a new version in waits for the registry; what takes one back does not.
    (record) => record.operation?.kind === 'rollback' || record.operation?.kind === 'abort',
  );
};
