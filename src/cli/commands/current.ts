import { exit, fail } from '../../model/errors.ts';
import { requireVersion } from '../../registry/versions.ts';
import { readService } from '../../registry/services.ts';
import { textOf } from '../arguments.ts';
import type { Run } from '../program.ts';
import { screenFor } from '../screen.ts';
import { openService } from '../session.ts';

export const run: Run = async (terminal, globals, [operand]) => {
  await using session = await openService(terminal, globals, textOf(operand), { purpose: 'read' });
  const { store, service } = session.engine;
  const pointer = (await readService(store.read, service.name))?.pointer ?? null;
  if (pointer === null) {
    fail({
      code: 'nothing-in-production',
      what: `no version of ${service.name} is in production`,
      why: 'nothing was deployed or adopted yet',
      touched: 'no',
      next: service.serving ? `sofare deploy ${service.name}@VERSION` : `sofare deploy VERSION --model ${service.model}`,
    });
  }
  const version = await requireVersion(store.read, service.model, pointer);
  screenFor(terminal, globals).said({ schema: 'sofare/current@1', service: service.name, ...version }, pointer);
  return exit.done;
};
