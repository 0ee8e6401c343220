import { fail } from '../model/errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Replaces `${NAME}` in every text by the environment's value, but for `headers`: whoever sends them fills them in, so that a command that
 * asks nobody needs no secret. A name that is not set is an error that names it, never its neighbours' values. */
export function expandEnvironment(value: unknown, environment: Environment, file: string): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_whole, name: string) => {
      const found = environment[name];
      return (
        found ??
        fail({
          code: 'config.invalid',
          what: `${file}: \${${name}} is not set`,
          why: 'the file takes this value from the environment',
          touched: 'no',
          next: `export ${name}=...`,
        })
      );
    });
  }
  if (Array.isArray(value)) return value.map((item) => expandEnvironment(item, environment, file));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, key === 'headers' ? item : expandEnvironment(item, environment, file)]),
    );
  }
  return value;
}
