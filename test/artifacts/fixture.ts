import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { ArtifactFolders } from '../../src/adapters/artifacts/layout.ts';
import { sha256 } from '../contract/artifacts-contract.ts';

export function foldersIn(root: string): ArtifactFolders {
  return { blobs: join(root, 'blobs', 'sha256'), staging: join(root, 'staging'), checkouts: join(root, 'checkouts') };
}

/** What is wrong in a store of blobs: a name that is not the digest of the bytes. */
export function wrongBlobs({ blobs }: ArtifactFolders): readonly string[] {
  return blobFiles({ blobs }).filter((file) => sha256(readFileSync(file)) !== `sha256:${basename(file)}`);
}

export function blobFiles({ blobs }: Pick<ArtifactFolders, 'blobs'>): readonly string[] {
  return readdirSync(blobs).map((name) => join(blobs, name));
}
