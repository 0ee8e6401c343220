/** What a command sees of the outside: nothing else reads the environment, the terminal or the working directory. */
export interface Terminal {
  readonly write: (text: string) => void;
  readonly writeError: (text: string) => void;
  readonly outputIsTerminal: boolean;
  readonly errorIsTerminal: boolean;
  readonly inputIsTerminal: boolean;
  readonly columns: number;
  readonly rows: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly directory: string;
  readonly actor: string;
  readonly user: number | null;
  /** Reads one line after a question. */
  readonly ask: (question: string) => Promise<string>;
  readonly readInput: () => AsyncIterable<string>;
  /** Aborts at the first Ctrl-C or SIGTERM; a second one ends the process at once. */
  readonly interrupted: AbortSignal;
}

/** Options that stand before or after any command. */
export interface Globals {
  readonly config?: string;
  readonly output: 'text' | 'json';
  readonly quiet: boolean;
  readonly input: boolean;
  readonly color: boolean;
  readonly model?: string;
  readonly registry?: string;
}
