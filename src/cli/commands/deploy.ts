import { deploy } from '../../operate/deploy.ts';
import { durationOf } from '../durations.ts';
import { serviceAndVersion, sharesFrom, textOf } from '../arguments.ts';
import { changeRequest, ended } from '../change.ts';
import type { Run } from '../definition.ts';
import { screenFor } from '../screen.ts';
import { openService } from '../session.ts';

export const run: Run = async (terminal, globals, [operand], options) => {
  const { service, version } = serviceAndVersion(String(operand));
  const screen = screenFor(terminal, globals);
  await using session = await openService(terminal, globals, service, { purpose: 'change', announce: screen.announce });
  const every = textOf(options['every']);
  const outcome = await deploy(session.engine, {
    ...(await changeRequest(terminal, globals, session, screen, options, 'deploy')),
    version,
    shares: sharesFrom(options['steps']),
    every: every === null ? 0 : durationOf(every, '--every'),
  });
  return await ended(terminal, session, screen, outcome);
};
