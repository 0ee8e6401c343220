const variable = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

/** The variables of the environment that a text names, as `${NAME}`. */
export function variablesIn(text: string): readonly string[] {
  return [...text.matchAll(variable)].map(([, name = '']) => name);
}

export interface Filled {
  readonly text: string;
  /** What came from the environment: never to be shown. */
  readonly secrets: readonly string[];
}

/** The text with its variables filled in, or the first that is not set. */
export function fillIn(text: string): Filled | { readonly missing: string } {
  const names = variablesIn(text);
  const missing = names.find((name) => !process.env[name]);
  if (missing !== undefined) return { missing };
  return {
    text: text.replaceAll(variable, (_whole, name: string) => process.env[name] ?? ''),
    secrets: names.map((name) => process.env[name] ?? ''),
  };
}

/** A text without any of the secrets. */
export function redacted(text: string, secrets: readonly string[]): string {
  return secrets.filter((secret) => secret !== '').reduce((left, secret) => left.replaceAll(secret, '*****'), text);
}
