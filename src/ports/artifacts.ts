import type { Artifact, Bundle } from '../model/version.ts';

/** Where the files of versions are kept, by digest. What is put is never loaded or run. */
export interface Artifacts {
  /** Takes files and folders in; durable when this returns. Refuses links, devices, and names that escape or collide. */
  put(paths: readonly string[]): Promise<readonly Artifact[]>;
  /** A read-only folder with the bundle's files under their original names; made once, then reused. Null for a bundle without stored files. */
  open(bundle: Bundle, bundleDigest: string): Promise<string | null>;
  /** Looks whether every stored file is there with its size (`quick`) or its digest (`full`). Empty: whole. */
  verify(bundle: Bundle, depth: 'quick' | 'full'): Promise<readonly ArtifactFault[]>;
  /** Removes blobs that no bundle in `kept` names. Returns what was removed. */
  remove(kept: readonly Bundle[]): Promise<readonly string[]>;
}

export interface ArtifactFault {
  readonly path: string;
  readonly digest: string;
  readonly fault: 'missing' | 'damaged';
}
