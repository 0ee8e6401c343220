import type { Failpoints } from '../ports/failpoints.ts';
import { noFailpoints } from '../ports/failpoints.ts';

/**
 * The same port with a failpoint before and after each call, or each call of the named methods: `NAME.before-METHOD`,
 * `NAME.after-METHOD`. Costs nothing where no test watches.
 */
export function watched<Port extends object>(
  name: string,
  port: Port,
  failpoints: Failpoints,
  methods?: readonly (keyof Port)[],
): Port {
  if (failpoints === noFailpoints) return port;
  return new Proxy(port, {
    get: (target, method, receiver) => {
      const member = Reflect.get(target, method, receiver) as unknown;
      if (typeof member !== 'function' || (methods && !methods.includes(method as keyof Port))) return member;
      return async (...given: readonly unknown[]) => {
        failpoints.hit(`${name}.before-${String(method)}`);
        const result = await (member as (...given: readonly unknown[]) => Promise<unknown>).apply(target, [...given]);
        failpoints.hit(`${name}.after-${String(method)}`);
        return result;
      };
    },
  });
}
