import { fail, type Problem } from '../model/errors.ts';

/** A reason to refuse. It is overridden only by its name, and the override is journalled with the plan. */
export interface Check {
  readonly name: CheckName;
  readonly what: string;
  readonly why: string;
  readonly next: string;
}

export type CheckName = 'hold' | 'quarantine' | 'deprecated' | 'draft' | 'never-served' | 'guard' | 'not-whole' | 'record';

export const checkNames: readonly CheckName[] = [
  'hold',
  'quarantine',
  'deprecated',
  'draft',
  'never-served',
  'guard',
  'not-whole',
  'record',
];

/** No override helps: there is nothing to serve. */
const absolute: readonly CheckName[] = ['not-whole', 'draft'];

/** Refuses at the first check that was not overridden by its name. Returns the overridden ones, to be said on the plan. */
export function passChecks(checks: readonly Check[], overrides: readonly string[]): readonly string[] {
  for (const name of overrides) {
    if (!checkNames.includes(name as CheckName)) fail(unknownCheck(name));
  }
  const refused = checks.find((check) => absolute.includes(check.name) || !overrides.includes(check.name));
  if (refused) fail(refusal(refused));
  return checks.map((check) => `overridden: ${check.name} (${check.why})`);
}

function refusal({ name, what, why, next }: Check): Problem {
  const override = absolute.includes(name) ? '' : `, or again with --override ${name}`;
  return {
    code: name === 'not-whole' ? 'artifact.missing' : name === 'draft' ? 'version.status' : 'check.refused',
    what: `check ${name}: ${what}`,
    why,
    touched: 'no',
    next: `${next}${override}`,
  };
}

function unknownCheck(name: string): Problem {
  return {
    code: 'usage',
    what: `there is no check ${name}`,
    why: `the checks are ${checkNames.join(', ')}`,
    touched: 'no',
    next: 'name the check that refused',
  };
}
