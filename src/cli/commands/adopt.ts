import { exit, fail } from '../../model/errors.ts';
import { adopt } from '../../registry/adopt.ts';
import { emptyBundle } from '../../registry/bundle.ts';
import { registerVersion } from '../../registry/register.ts';
import { ensureService } from '../../registry/services.ts';
import { listOf, pairsOf, serviceAndVersion, textOf, timeOf } from '../arguments.ts';
import { changeRequest } from '../change.ts';
import { readDuration } from '../../configure/units.ts';
import type { Run } from '../definition.ts';
import { screenFor } from '../screen.ts';
import { openService } from '../session.ts';

export const run: Run = async (terminal, globals, [operand, paths], options) => {
  const { service: named, version } = serviceAndVersion(String(operand));
  const screen = screenFor(terminal, globals);
  const workload = textOf(options['deployment']);
  const files = listOf(paths);
  if (workload !== null && files.length > 0) filesBeside(workload);
  const purpose = workload === null ? 'register' : 'mark';
  await using session = await openService(terminal, globals, named ?? textOf(options['service']), { purpose });
  const { store, service, artifacts } = session.engine;
  const { actor, reason, signal } = await changeRequest(terminal, globals, session, screen, options, 'adopt');
  const at = await store.now();
  const given = textOf(options['since']);
  const since = given === null ? null : timeOf(given, at, readDuration);
  if (workload !== null) {
    const { adoptPast } = await import('../../operate/adopt-past.ts');
    const { pastDocument, pastText } = await import('../../report/adopted-past.ts');
    const wanted = { workload, version, named: pairsOf(options['revision']), since, actor, reason };
    const past = { service: service.name, version, ...(await adoptPast(session.engine, wanted, signal)) };
    screen.show(
      () => pastDocument(past),
      (paper) => pastText(past, paper),
    );
    return exit.done;
  }
  const bundle = { ...emptyBundle, artifacts: files.length === 0 ? [] : await artifacts.put(files) };
  const adopted = await store.transaction('adopt', async (transaction) => {
    await ensureService(transaction, service.name, service.model);
    await registerVersion(transaction, { model: service.model, version, draft: false, bundle, actor, reason }, at);
    return adopt(transaction, {
      service: service.name,
      version,
      since: since ?? at,
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
  screen.said({ schema: 'sofare/adopt@1', service: service.name, version, adopted, since: since ?? at }, sentence);
  return exit.done;
};

function filesBeside(workload: string): never {
  return fail({
    code: 'usage',
    what: `files and --deployment ${workload} do not go together`,
    why: 'a version that runs in a cluster is its image',
    touched: 'no',
    next: 'leave the files out',
  });
}
