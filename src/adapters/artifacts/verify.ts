import { lstat } from 'node:fs/promises';
import type { StoredArtifact } from '../../model/version.ts';
import type { ArtifactFault } from '../../ports/artifacts.ts';
import { hashPath } from './hashing.ts';
import { type ArtifactFolders, blobFile } from './layout.ts';
import { errorCode } from './refusal.ts';

export async function verifyArtifacts(
  artifacts: readonly StoredArtifact[],
  depth: 'quick' | 'full',
  folders: ArtifactFolders,
): Promise<readonly ArtifactFault[]> {
  const faults: ArtifactFault[] = [];
  for (const artifact of artifacts) {
    const fault = await faultOf(artifact, depth, blobFile(folders, artifact.digest));
    if (fault !== null) faults.push({ path: artifact.path, digest: artifact.digest, fault });
  }
  return faults;
}

async function faultOf(
  { digest, size }: StoredArtifact,
  depth: 'quick' | 'full',
  blob: string,
): Promise<ArtifactFault['fault'] | null> {
  try {
    const present = await lstat(blob);
    if (!present.isFile() || present.size !== size) return 'damaged';
    if (depth === 'quick') return null;
    return (await hashPath(blob)).digest === digest ? null : 'damaged';
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'missing';
    // Bytes that the disk cannot give back any more.
    if (errorCode(error) === 'EIO') return 'damaged';
    throw error;
  }
}
