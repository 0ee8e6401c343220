/** A file of cases and how they are run. */
export interface Suite {
  readonly name: string;
  /** The fixture in this folder, and the variable of the environment that names another file of the same form. */
  readonly file: string;
  readonly variable: string;
  /** Runs what the file holds, already read as JSON. A file that is not of the form throws. */
  readonly run: (document: unknown) => readonly CaseResult[] | Promise<readonly CaseResult[]>;
}

export interface CaseResult {
  readonly id: string;
  /** Why it failed; null: it passed. */
  readonly failure: string | null;
}
