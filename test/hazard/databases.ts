import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** A database that scenarios run on. */
export interface ScenarioDatabase extends AsyncDisposable {
  /** What the program is told of it; for each service an empty one. */
  readonly environment: () => Promise<NodeJS.ProcessEnv>;
  /** Whether the service in that folder keeps its state there, and not somewhere else unnoticed. */
  readonly isUsed: (directory: string) => boolean;
}

const isFileThere = (directory: string): boolean => existsSync(join(directory, '.sofare', 'registry', 'sofare.db'));

export const sqlite: ScenarioDatabase = {
  environment: async () => ({}),
  isUsed: isFileThere,
  [Symbol.asyncDispose]: async () => {},
};

/** Every database that the program can keep its state in. A further one joins by a line here. */
export const databases: Readonly<Record<string, () => Promise<ScenarioDatabase>>> = {
  sqlite: async () => sqlite,
  postgres: async () => {
    const { startPostgres } = await import('../fixtures/postgres.ts');
    const server = await startPostgres();
    return {
      environment: async () => ({ SOFARE_DATABASE_URL: await server.database() }),
      isUsed: (directory) => !isFileThere(directory),
      [Symbol.asyncDispose]: () => server.stop(),
    };
  },
};
