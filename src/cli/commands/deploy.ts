import { fail } from '../../model/errors.ts';
import { deploy } from '../../operate/deploy.ts';
import type { PolicyFile } from '../../operate/policy-move.ts';
import { durationOf } from '../durations.ts';
import { serviceAndVersion, sharesFrom, textOf } from '../arguments.ts';
import { changeRequest, ended } from '../change.ts';
import type { Run } from '../definition.ts';
import type { Terminal } from '../terminal.ts';
import { screenFor } from '../screen.ts';
import { openService } from '../session.ts';
import { policyText } from '../policy-file.ts';

export const run: Run = async (terminal, globals, [operand], options) => {
  const { service, version } = serviceAndVersion(String(operand));
  const screen = screenFor(terminal, globals);
  await using session = await openService(terminal, globals, service, { purpose: 'change', announce: screen.announce });
  const every = textOf(options['every']);
  const outcome = await deploy(session.engine, {
    ...(await changeRequest(terminal, globals, session, screen, options, 'deploy')),
    version,
    shares: sharesFrom(options['steps']),
    policy: policyOf(terminal, textOf(options['canary']), options),
    every: every === null ? 0 : durationOf(every, '--every'),
  });
  return await ended(terminal, session, screen, outcome);
};

function policyOf(terminal: Terminal, file: string | null, options: Readonly<Record<string, unknown>>): PolicyFile | null {
  if (file === null) return null;
  if (options['steps'] === undefined && options['every'] === undefined) return { file, text: policyText(terminal, file, true) };
  return fail({
    code: 'usage',
    what: '--canary does not go with --steps or --every',
    why: 'the policy says which shares, and for how long',
    touched: 'no',
    next: `sofare deploy VERSION --canary ${file}`,
  });
}
