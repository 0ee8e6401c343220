export type Arguments = Readonly<Record<string, string | null>>;

/** Characters that Argo's way over JSON cannot carry. */
const unquotable = /[\x00-\x07\x0b\x0e-\x1f\x7f]/;

/** A text with each `{{args.NAME}}` replaced. Anything else between the braces, an open brace or an argument without a value is an error. */
export function resolveTemplate(template: string, given: Arguments): { readonly value: string } | { readonly error: string } {
  const without = Object.keys(given).find((name) => given[name] === null);
  if (without !== undefined) return { error: `argument "${without}" was not supplied` };
  let value = '';
  let rest = template;
  for (let open = rest.indexOf('{{'); open >= 0; open = rest.indexOf('{{')) {
    const close = rest.indexOf('}}', open + 2);
    if (close < 0) return { error: `failed to resolve ${rest.slice(open)}: it is not closed` };
    const tag = rest.slice(open + 2, close);
    const name = tag.trim().replace(/^args\./, '');
    const found = tag.trim().startsWith('args.') && Object.hasOwn(given, name) ? given[name] : null;
    if (found === null || found === undefined) return { error: `failed to resolve {{${tag}}}` };
    if (unquotable.test(found)) return { error: `args.${name} holds a control character` };
    value += rest.slice(0, open) + found;
    rest = rest.slice(close + 2);
  }
  return { value: value + rest };
}

/** The arguments of a template with those that a rollout gives: only names that the template has, all with a value in the end. */
export function mergeArguments(incoming: Arguments, own: Arguments): { readonly args: Arguments } | { readonly error: string } {
  const args = Object.fromEntries(
    Object.entries(own).map(([name, value]) => [name, (Object.hasOwn(incoming, name) ? incoming[name] : null) ?? value]),
  );
  const without = Object.keys(args).find((name) => args[name] === null);
  return without === undefined ? { args } : { error: `args.${without} was not resolved` };
}
