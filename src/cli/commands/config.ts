import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { exit, fail } from '../../model/errors.ts';
import { findConfiguration } from '../find-configuration.ts';
import { packageFolder } from '../package-version.ts';
import type { Run } from '../definition.ts';
import { screenFor } from '../screen.ts';

export const run: Run = async (terminal, globals, [action]) => {
  const screen = screenFor(terminal, globals);
  if (action === 'schema') {
    terminal.write(readFileSync(join(packageFolder(), 'schema.json'), 'utf8'));
    return exit.done;
  }
  if (action !== 'check' && action !== 'print') {
    fail({
      code: 'usage',
      what: `there is no config ${String(action)}`,
      why: 'check, print and schema are known',
      touched: 'no',
      next: 'sofare config check',
    });
  }
  const withSecrets = action === 'print' ? { ...terminal, environment: named(terminal.environment) } : terminal;
  const configuration =
    (await findConfiguration(withSecrets, globals)) ??
    fail({
      code: 'config.missing',
      what: 'there is no sofare.yaml here or above',
      why: 'there is nothing to check',
      touched: 'no',
      next: 'sofare init',
    });
  if (action === 'print') {
    screen.show(
      () => `${JSON.stringify({ schema: 'sofare/config@1', ...configuration }, null, 2)}\n`,
      () => stringify(configuration),
    );
    return exit.done;
  }
  const names = Object.keys(configuration.services);
  screen.said(
    { schema: 'sofare/config-check@1', file: configuration.file, services: names, valid: true },
    `${configuration.file} is valid: ${names.length === 0 ? 'no services' : names.join(', ')}`,
  );
  return exit.done;
};

/** Every variable stands for its own name, so that what is printed holds no secret. */
function named(environment: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string | undefined>> {
  const kept = new Set(['SOFARE_HOME', 'NO_COLOR', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TERM']);
  return new Proxy(environment, {
    get: (target, name) =>
      typeof name !== 'string' || kept.has(name) || !(name in target) ? Reflect.get(target, name) : `\${${name}}`,
  });
}
