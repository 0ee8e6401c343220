import { existsSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { proposal } from '../../configure/propose.ts';
import { exit, fail } from '../../model/errors.ts';
import type { Run } from '../definition.ts';
import { screenFor } from '../screen.ts';

const servers = ['server.mjs', 'server.js', 'server.py', 'app.py', 'main.py', 'serve.py'];

export const run: Run = async (terminal, globals, _operands, options) => {
  const file = join(terminal.directory, 'sofare.yaml');
  if (existsSync(file) && options['force'] !== true) {
    fail({
      code: 'usage',
      what: `${file} is there already`,
      why: 'it is not written over',
      touched: 'no',
      next: 'sofare config check, or sofare init --force',
    });
  }
  const server = servers.find((name) => existsSync(join(terminal.directory, name))) ?? null;
  writeFileSync(file, proposal({ directory: basename(terminal.directory), server }));
  const next = server ? 'sofare register 1.0.0 ./MODEL' : 'set target.command in it, then: sofare register 1.0.0 ./MODEL';
  screenFor(terminal, globals).said(
    { schema: 'sofare/init@1', file, server, next },
    `wrote ${file}${server ? ` around ${server}` : ''}; next: ${next}`,
  );
  return exit.done;
};
