import { exit, fail } from '../../model/errors.ts';
import { attest } from '../../registry/attest.ts';
import { ensureService } from '../../registry/services.ts';
import { serviceAndVersion, textOf, timeOf } from '../arguments.ts';
import { changeRequest } from '../change.ts';
import { readDuration } from '../../configure/units.ts';
import type { Run } from '../definition.ts';
import { screenFor } from '../screen.ts';
import { openService } from '../session.ts';

export const run: Run = async (terminal, globals, [operand], options) => {
  const { service: named, version } = serviceAndVersion(String(operand));
  const screen = screenFor(terminal, globals);
  await using session = await openService(terminal, globals, named, { purpose: 'register' });
  const { store, service } = session.engine;
  const at = await store.now();
  const time = (name: string): number => {
    const text = textOf(options[name]);
    return text === null ? missing(name, version) : timeOf(text, at, readDuration);
  };
  const [since, until] = [time('since'), time('until')];
  if (textOf(options['reason']) === null) missing('reason', version);
  const { actor, reason } = await changeRequest(terminal, globals, session, screen, options, 'attest');
  await store.transaction(
    'attest',
    async (transaction, at) => {
      await ensureService(transaction, service.name, service.model);
      await attest(transaction, { service: service.name, version, since, until, at, actor, reason });
    },
    service.name,
  );
  screen.said(
    { schema: 'sofare/attest@1', service: service.name, version, since, until, reason, actor },
    `${actor} attests that ${version} served ${service.name} well; only a person's rollback goes by it`,
  );
  return exit.done;
};

function missing(name: string, version: string): never {
  return fail({
    code: 'usage',
    what: `--${name} is missing`,
    why: 'who swears to the past says when and why',
    touched: 'no',
    next: `sofare attest ${version} --since 2026-11-01T00:00:00Z --until 2026-11-20T00:00:00Z --reason "served before sofare"`,
  });
}
