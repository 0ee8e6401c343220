import { exit } from '../../model/errors.ts';
import { adopt } from '../../registry/adopt.ts';
import { emptyBundle } from '../../registry/bundle.ts';
import { registerVersion } from '../../registry/register.ts';
import { ensureService } from '../../registry/services.ts';
import { listOf, serviceAndVersion, textOf, timeOf } from '../arguments.ts';
import { changeRequest } from '../change.ts';
import { readDuration } from '../../configure/units.ts';
import type { Run } from '../definition.ts';
import { screenFor } from '../screen.ts';
import { openService } from '../session.ts';

export const run: Run = async (terminal, globals, [operand, paths], options) => {
  const { service: named, version } = serviceAndVersion(String(operand));
  const screen = screenFor(terminal, globals);
  await using session = await openService(terminal, globals, named ?? textOf(options['service']), { purpose: 'register' });
  const { store, service, artifacts } = session.engine;
  const { actor, reason } = await changeRequest(terminal, globals, session, screen, options, 'adopt');
  const at = await store.now();
  const since = textOf(options['since']) === null ? at : timeOf(String(options['since']), at, readDuration);
  const files = listOf(paths);
  const bundle = { ...emptyBundle, artifacts: files.length === 0 ? [] : await artifacts.put(files) };
  const adopted = await store.transaction('adopt', async (transaction) => {
    await ensureService(transaction, service.name, service.model);
    await registerVersion(transaction, { model: service.model, version, draft: false, bundle, actor, reason }, at);
    return adopt(transaction, {
      service: service.name,
      version,
      since,
      at,
      served: service.serving !== null,
      verified: false,
      actor,
      reason,
    });
  });
  const sentence = adopted
    ? `${version} is in the history of ${service.name} as imported; nothing was moved`
    : `${version} was in production of ${service.name} already`;
  screen.said({ schema: 'sofare/adopt@1', service: service.name, version, adopted, since }, sentence);
  return exit.done;
};
