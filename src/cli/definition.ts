import type { ExitCode } from '../model/errors.ts';
import type { Globals, Terminal } from './terminal.ts';

/** What a command is given: its operands by name and its own options. */
export type Run = (
  terminal: Terminal,
  globals: Globals,
  operands: readonly (string | readonly string[] | undefined)[],
  options: Readonly<Record<string, unknown>>,
) => Promise<ExitCode>;

export interface Definition {
  readonly usage: string;
  readonly summary: string;
  readonly options?: readonly (readonly [flags: string, description: string])[];
  readonly changes?: boolean;
  /** Loaded only when the command is run, so that no command pays for another. */
  readonly load: () => Promise<{ readonly run: Run }>;
}
