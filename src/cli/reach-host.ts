import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type HostClient, hostClient, startHost } from '../adapters/kit/host-client.ts';
import type { Configuration } from '../configure/configuration.ts';
import type { HostHello } from '../model/hosting.ts';
import { placeOf } from '../store/postgres-place.ts';
import { ProblemError } from '../model/errors.ts';
import { packageFolder } from './package-version.ts';
import type { Terminal } from './terminal.ts';

export interface Reached {
  readonly client: HostClient;
  readonly supervised: boolean;
}

/** The local host of a state directory; started where it does not run and is needed. Null: it does not run. */
export async function reachHost(
  terminal: Terminal,
  configuration: Configuration,
  start: boolean,
  supervise = true,
): Promise<Reached | null> {
  const client = hostClient(configuration.host);
  const hello = await client.hello(terminal.interrupted).catch((error: unknown) => {
    if (error instanceof ProblemError && error.problem.code === 'target.unreachable') return null;
    throw error;
  });
  const rows = configuration.database === null ? null : placeOf(configuration.database.url);
  // A host that looks for what to carry on in another database than ours carries on nothing of what we leave.
  const reached = (host: HostHello): Reached => ({ client, supervised: host.supervised && (host.rows ?? null) === rows });
  if (hello) return reached(hello);
  if (!start) return null;
  const started = await startHost(
    {
      directory: configuration.host,
      command: [process.execPath, hostProgram()],
      resumeCommand: supervise ? [process.execPath, process.argv[1] ?? ''] : null,
      configuration: configuration.file,
      rows,
    },
    client,
    terminal.interrupted,
  );
  return reached(started);
}

/** The bundle's host where this is the bundle, the sources' where these are the sources. */
function hostProgram(): string {
  return fileURLToPath(import.meta.url).endsWith('.ts')
    ? join(packageFolder(), 'src', 'host', 'main.ts')
    : join(packageFolder(), 'dist', 'host.js');
}
