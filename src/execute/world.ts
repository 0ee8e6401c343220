import { fail } from '../model/errors.ts';
import type { Engine, World } from './engine.ts';

/** The world of a service that is served. A step that needs one is never planned for a registry alone. */
export function worldOf(engine: Engine): World {
  return (
    engine.world ??
    fail({
      code: 'bug',
      what: `a step of ${engine.service.name} needs something that serves`,
      why: 'the service has only a registry',
      touched: 'no',
      next: 'report this with the output of: sofare history -o json',
    })
  );
}
