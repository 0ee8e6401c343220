import type { Configuration } from '../configure/configuration.ts';
import type { Globals, Terminal } from './terminal.ts';

export async function findConfiguration(terminal: Terminal, globals: Globals): Promise<Configuration | null> {
  const { findConfiguration: find } = await import('../configure/find.ts');
  return find({
    explicit: globals.config ?? null,
    directory: terminal.directory,
    environment: terminal.environment,
    user: terminal.user,
  });
}
