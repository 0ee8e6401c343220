import type { Service } from '../model/service.ts';

export interface SharedDatabase {
  /** `postgres://...`, with its password: never printed. */
  readonly url: string;
  /** How long a controller on another machine is believed to live after it last said so, in milliseconds. */
  readonly lease: number;
}

/** A sofare.yaml, read: every default filled in, every path absolute. */
export interface Configuration {
  readonly file: string;
  /** How the file was found, for the plans: `by -c`, `by SOFARE_HOME`, `in the working directory`, `above the working directory`. */
  readonly found: string;
  readonly state: string;
  /** Where several controllers share the rows. Null: they are in a file of the registry's folder. */
  readonly database: SharedDatabase | null;
  /** Where the local host keeps what it serves; several states may name the same. */
  readonly host: string;
  readonly services: Readonly<Record<string, Service>>;
  readonly notify: { readonly command: string } | null;
  /** How fast what dead processes left is carried on: calls to what serves that may begin in a second, and operations at once. */
  readonly recover: { readonly perSecond: number; readonly atOnce: number };
}
