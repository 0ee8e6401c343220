import type { Service } from '../model/service.ts';

/** A sofare.yaml, read: every default filled in, every path absolute. */
export interface Configuration {
  readonly file: string;
  /** How the file was found, for the plans: `by -c`, `by SOFARE_HOME`, `in the working directory`, `above the working directory`. */
  readonly found: string;
  readonly state: string;
  /** `postgres://...`, with its password: never printed. Null: the rows are in a file of the registry's folder. */
  readonly database: string | null;
  readonly services: Readonly<Record<string, Service>>;
  readonly notify: { readonly command: string } | null;
}
