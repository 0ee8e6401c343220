/** A database that scenarios run on: what the program is told of it, for each service a fresh one; and its end. */
export interface ScenarioDatabase extends AsyncDisposable {
  readonly environment: () => Promise<NodeJS.ProcessEnv>;
}

/** Every database that the program can keep its state in. A further one joins by a line here. */
export const databases: Readonly<Record<string, () => Promise<ScenarioDatabase>>> = {
  sqlite: async () => ({ environment: async () => ({}), [Symbol.asyncDispose]: async () => {} }),
};
