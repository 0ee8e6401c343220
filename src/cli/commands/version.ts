import { exit } from '../../model/errors.ts';
import type { Run } from '../definition.ts';
import { packageVersion } from '../package-version.ts';

export const run: Run = async (terminal, globals) => {
  const version = packageVersion();
  terminal.write(
    globals.output === 'json'
      ? `${JSON.stringify({ schema: 'sofare/version@1', version, node: process.version })}\n`
      : `${version}\n`,
  );
  return exit.done;
};
