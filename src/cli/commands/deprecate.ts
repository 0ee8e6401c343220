import { exit } from '../../model/errors.ts';
import { deprecate } from '../../operate/deprecate.ts';
import { serviceAndVersion } from '../arguments.ts';
import { changeRequest } from '../change.ts';
import type { Run } from '../definition.ts';
import { screenFor } from '../screen.ts';
import { openService } from '../session.ts';

export const run: Run = async (terminal, globals, [operand], options) => {
  const { service, version } = serviceAndVersion(String(operand));
  const screen = screenFor(terminal, globals);
  await using session = await openService(terminal, globals, service, { purpose: 'register' });
  const request = await changeRequest(terminal, globals, session, screen, options, 'deprecate');
  screen.version(await deprecate(session.engine, version, request), `${version} is deprecated`);
  return exit.done;
};
