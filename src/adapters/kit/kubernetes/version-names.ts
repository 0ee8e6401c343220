import { createHash } from 'node:crypto';

const longest = 63;
const digits = 8;

/**
 * What a version is called as an object beside others of its template: `fraud` and `1.2.0` give `fraud-1-2-0`. Names that are long, or of
 * which two could look alike, end with a digest of the exact one.
 */
export function versionObjectName(base: string, version: string): string {
  const slug = version
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  const name = `${base}-${slug}`;
  const plain = /^\d+\.\d+\.\d+(?:@fresh)?$/.test(version);
  return plain && name.length <= longest ? name : withDigest(name, version);
}

/** A version as the value of a label, which may hold less than a version does: the exact name stands in an annotation. */
export function versionLabel(version: string): string {
  const legal = version.length <= longest && /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/.test(version);
  return legal ? version : withDigest(version.replaceAll(/[^A-Za-z0-9._-]+/g, '-'), version);
}

function withDigest(name: string, exact: string): string {
  const digest = createHash('sha256').update(exact).digest('hex').slice(0, digits);
  return `${name.slice(0, longest - digits - 1).replaceAll(/[^A-Za-z0-9]+$/g, '')}-${digest}`;
}
