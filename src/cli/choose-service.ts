import type { Configuration } from '../configure/configuration.ts';
import { fail } from '../model/errors.ts';
import type { Service } from '../model/service.ts';

/** The named service, or the only one. */
export function chooseService(configuration: Configuration, named: string | null): Service {
  const services = Object.values(configuration.services);
  const names = services.map(({ name }) => name).join(', ');
  if (named !== null) {
    return (
      services.find(({ name }) => name === named) ??
      fail({
        code: 'service.unknown',
        what: `there is no service ${named}`,
        why: `${configuration.file} has ${names || 'none'}`,
        touched: 'no',
        next: 'sofare config print',
      })
    );
  }
  const [only, ...others] = services;
  if (only && others.length === 0) return only;
  return fail({
    code: 'service.ambiguous',
    what: 'which service?',
    why: `${configuration.file} has ${names || 'none'}`,
    touched: 'no',
    next: `name one: sofare status ${services[0]?.name ?? 'SERVICE'}`,
  });
}
