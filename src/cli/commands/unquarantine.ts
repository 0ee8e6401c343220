import { exit } from '../../model/errors.ts';
import { liftQuarantine } from '../../registry/quarantine.ts';
import { changeMarks } from '../../operate/marks.ts';
import { serviceAndVersion } from '../arguments.ts';
import { changeRequest } from '../change.ts';
import type { Run } from '../definition.ts';
import { screenFor } from '../screen.ts';
import { openService } from '../session.ts';

export const run: Run = async (terminal, globals, [operand], options) => {
  const { service: named, version } = serviceAndVersion(String(operand));
  const screen = screenFor(terminal, globals);
  await using session = await openService(terminal, globals, named, { purpose: 'mark' });
  const { actor, reason } = await changeRequest(terminal, globals, session, screen, options, 'unquarantine');
  const { service } = session.engine;
  const lifted = await changeMarks(session.engine, 'unquarantine', terminal.interrupted, (transaction, at) =>
    liftQuarantine(transaction, { service: service.name, version, at, operation: null, actor, reason }),
  );
  const sentence = lifted ? `${version} may be deployed again; known good must be earned anew` : `${version} was not quarantined`;
  screen.said(
    { schema: 'sofare/quarantine@1', service: service.name, version, quarantined: false, lifted, reason, actor },
    sentence,
  );
  return exit.done;
};
