import { readRate } from '../../configure/units.ts';
import { readPolicy } from '../../decide/policy/read-policy.ts';
import { estimates } from '../../decide/policy/stages.ts';
import { exit, fail } from '../../model/errors.ts';
import { isValid, policyLintDocument, policyLintText, type PolicyLintView } from '../../report/policy-lint.ts';
import { textOf } from '../arguments.ts';
import type { Run } from '../definition.ts';
import { policyText } from '../policy-file.ts';
import { screenFor } from '../screen.ts';

/** The chance of a false alarm that the estimates are made for: the guard's own. */
const alpha = 0.01;

export const run: Run = async (terminal, globals, [action, file], options) => {
  if (action !== 'lint')
    fail({
      code: 'usage',
      what: `there is no policy ${String(action)}`,
      why: 'lint is known',
      touched: 'no',
      next: 'sofare policy lint FILE',
    });
  const strict = options['strict'] === true;
  const name = String(file);
  const { policy, findings } = readPolicy(policyText(terminal, name, false), { latest: 'VERSION', stable: 'STABLE' }, strict);
  const traffic = { perSecond: perSecond(textOf(options['traffic'])), errorRate: errorRate(textOf(options['errors'])) };
  const view: PolicyLintView = {
    file: name,
    strict,
    findings,
    estimates: policy && estimates(policy, traffic.perSecond, traffic.errorRate, alpha),
    traffic,
  };
  screenFor(terminal, globals).show(
    () => policyLintDocument(view),
    (paper) => policyLintText(view, paper),
  );
  return isValid(view) ? exit.done : exit.usage;
};

function perSecond(text: string | null): number {
  const given = text === null ? 10 : Number(text.replace(/\/s$/, ''));
  return Number.isFinite(given) && given > 0
    ? given
    : wrong('--traffic', text, 'requests a second over all versions', '--traffic 10');
}

function errorRate(text: string | null): number {
  const given = text === null ? 0.01 : readRate(text);
  return given !== null && given > 0 ? given : wrong('--errors', text, 'the bad rate of the stable version', '--errors 1%');
}

function wrong(option: string, text: string | null, wanted: string, next: string): never {
  return fail({ code: 'usage', what: `${option} ${text} is not a rate`, why: `${wanted} is wanted`, touched: 'no', next });
}
