import { exit } from '../../model/errors.ts';
import { addQuarantine } from '../../registry/quarantine.ts';
import { ensureService } from '../../registry/services.ts';
import { requireVersion } from '../../registry/versions.ts';
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
  const { actor, reason } = await changeRequest(terminal, globals, session, screen, options, 'quarantine');
  const { service } = session.engine;
  await changeMarks(session.engine, 'quarantine', terminal.interrupted, async (transaction, at) => {
    await ensureService(transaction, service.name, service.model);
    await requireVersion(transaction, service.model, version);
    await addQuarantine(transaction, {
      service: service.name,
      version,
      since: at,
      reason,
      actor,
      operation: null,
      evidence: null,
    });
  });
  screen.said(
    { schema: 'sofare/quarantine@1', service: service.name, version, quarantined: true, reason, actor },
    `${version} is quarantined in ${service.name}: nothing goes to it until sofare unquarantine ${service.name}@${version}`,
  );
  return exit.done;
};
