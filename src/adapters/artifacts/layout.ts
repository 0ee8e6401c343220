import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Bundle, StoredArtifact } from '../../model/version.ts';
import { refuse } from './refusal.ts';

/** Where the files of a registry lie. All on one file system: what is complete is moved into place by a rename. */
export interface ArtifactFolders {
  readonly blobs: string;
  readonly staging: string;
  readonly checkouts: string;
}

export function blobFile({ blobs }: ArtifactFolders, digest: string): string {
  return join(blobs, hexOf(digest));
}

export function storedArtifacts(bundle: Bundle): readonly StoredArtifact[] {
  return bundle.artifacts.filter((artifact) => artifact.kind === 'stored');
}

/** Versions with the same files under the same names share a checkout, whatever else their bundles say. */
export function checkoutFolder({ checkouts }: ArtifactFolders, artifacts: readonly StoredArtifact[]): string {
  const hash = createHash('sha256');
  for (const { path, digest } of artifacts.toSorted((a, b) => (a.path < b.path ? -1 : 1))) hash.update(`${digest} ${path}\n`);
  return join(checkouts, hash.digest('hex'));
}

/** A digest becomes part of a path, so nothing else than a digest may pass. */
function hexOf(digest: string): string {
  const hex = /^sha256:([0-9a-f]{64})$/.exec(digest)?.[1];
  return hex ?? refuse(digest, 'it is not sha256: and 64 lower-case hex digits', 'register the version again');
}
