/** A version is a SemVer of a model together with its bundle: everything that has to come back for it to serve as it did. */
export interface ModelVersion {
  readonly model: string;
  /** Full SemVer 2.0 string, without a leading `v`. */
  readonly version: string;
  readonly status: VersionStatus;
  readonly bundle: Bundle;
  /** `sha256:<hex>` over the canonical form of the bundle. Two versions with equal digests serve the same bytes. */
  readonly bundleDigest: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The training run this version came from, or null. */
  readonly run: string | null;
  readonly changelog: string;
  readonly breakingChanges: readonly string[];
  readonly deprecations: readonly string[];
  /** Milliseconds since the epoch, by the store's clock. */
  readonly createdAt: number;
  readonly releasedAt: number | null;
  readonly deprecatedAt: number | null;
  readonly actor: string;
  readonly reason: string;
}

export type VersionStatus = 'draft' | 'candidate' | 'released' | 'deprecated';

/** One file of a version, kept in the content-addressed store. `path` is relative, with `/`, as the user named it. */
export interface StoredArtifact {
  readonly kind: 'stored';
  readonly path: string;
  readonly digest: string;
  readonly size: number;
}

/** Bytes that stay where they are: never copied, never loaded, only pinned by digest. */
export interface ReferencedArtifact {
  readonly kind: 'referenced';
  readonly uri: string;
  readonly digest: string;
  readonly size: number;
}

export type Artifact = StoredArtifact | ReferencedArtifact;

export interface Bundle {
  readonly artifacts: readonly Artifact[];
  /** Container image by digest, or null where none is used. */
  readonly image: string | null;
  readonly configuration: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  readonly schema: { readonly input: unknown; readonly output: unknown } | null;
  readonly migrations: readonly string[];
}

/** Whether a version is an image that always means the same: a tag may mean another one tomorrow. */
export function isServedByImage({ image }: Pick<Bundle, 'image'>): boolean {
  return image !== null && /@sha256:[0-9a-f]{64}$/.test(image);
}

/** Thing that happens to the status of a version. */
export type StatusChange = 'promote-to-candidate' | 'release' | 'deprecate';

/** THE status machine: what is not in the table is refused. */
export const statusTransitions: Readonly<Record<VersionStatus, Readonly<Partial<Record<StatusChange, VersionStatus>>>>> = {
  draft: { 'promote-to-candidate': 'candidate', release: 'released', deprecate: 'deprecated' },
  candidate: { release: 'released', deprecate: 'deprecated' },
  released: { deprecate: 'deprecated' },
  deprecated: {},
};

export function nextStatus(status: VersionStatus, change: StatusChange): VersionStatus | null {
  return statusTransitions[status][change] ?? null;
}
