import type { SharedDatabase } from '../configure/configuration.ts';
import { placeOf } from '../store/postgres-place.ts';
import type { Store } from '../store/store.ts';
import { diskProblem } from '../model/disk-problem.ts';
import { ProblemError } from '../model/errors.ts';
import type { Failpoints } from '../ports/failpoints.ts';
import { prepareRegistryFolder, type RegistryFolder, registryFolder } from '../registry/registry-folder.ts';
import { failpointsFrom, openStore } from '../wire.ts';
import type { Terminal } from './terminal.ts';

export interface Rows {
  readonly registry: RegistryFolder;
  readonly store: Store;
  readonly failpoints: Failpoints;
  /** Where the rows are, for the plans, where that is not the registry's folder: else nothing. */
  readonly where: string;
}

/** Opens a registry: the folder with its blobs, and the rows, in it or in the database of several controllers. Readers make nothing. */
export async function openRows(
  terminal: Terminal,
  root: string,
  database: SharedDatabase | null,
  readOnly: boolean,
): Promise<Rows> {
  const registry = readOnly ? registryFolder(root) : prepared(root);
  const failpoints = failpointsFrom(terminal.environment);
  const store = await openStore(registry, database, readOnly, failpoints);
  return { registry, store, failpoints, where: database === null ? '' : `, rows in ${placeOf(database.url)}` };
}

function prepared(root: string): RegistryFolder {
  try {
    return prepareRegistryFolder(root);
  } catch (error) {
    const found = diskProblem(root, error);
    throw found ? new ProblemError(found, { cause: error }) : error;
  }
}
