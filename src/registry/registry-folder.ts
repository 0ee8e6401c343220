import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder, syncFolder } from '../store/durable-folder.ts';

/** Where everything of a registry lies. */
export interface RegistryFolder {
  readonly root: string;
  readonly database: string;
  readonly blobs: string;
  readonly staging: string;
  readonly checkouts: string;
  readonly backups: string;
}

export function registryFolder(root: string): RegistryFolder {
  return {
    root,
    database: join(root, 'sofare.db'),
    blobs: join(root, 'blobs', 'sha256'),
    staging: join(root, 'staging'),
    checkouts: join(root, 'checkouts'),
    backups: join(root, 'backup'),
  };
}

/** Makes what is not there yet. The folder is a valid OCI image layout, so that tools of that world can read the blobs. */
export function prepareRegistryFolder(root: string): RegistryFolder {
  const folder = registryFolder(root);
  makeFolder(root, 0o700);
  for (const path of [folder.blobs, folder.staging, folder.checkouts, folder.backups]) makeFolder(path);
  writeOnce(root, 'index.json', { schemaVersion: 2, manifests: [] });
  writeOnce(root, 'oci-layout', { imageLayoutVersion: '1.0.0' });
  return folder;
}

function writeOnce(root: string, name: string, content: unknown): void {
  const file = join(root, name);
  if (existsSync(file)) return;
  const partial = join(root, 'staging', `${name}-${process.pid}`);
  writeFileSync(partial, `${JSON.stringify(content)}\n`, { flush: true });
  renameSync(partial, file);
  syncFolder(root);
}
