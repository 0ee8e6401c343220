import { fail } from '../model/errors.ts';

const allowed = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** Names of models and services end up in paths, command lines and headers, so they are kept plain. */
export function requireName(kind: 'model' | 'service', name: string): void {
  if (allowed.test(name) && !name.includes('..')) return;
  fail({
    code: 'name.invalid',
    what: `${JSON.stringify(name)} cannot be the name of a ${kind}`,
    why: 'a name has 1 to 128 letters, digits, ".", "_" and "-", begins with a letter or digit, and has no ".."',
    touched: 'no',
    next: `choose another name for the ${kind}`,
  });
}
