import type { Shares } from './arm.ts';
import type { Pool } from './choose-copy.ts';

type Member = Pool[number] & { readonly version: string };

/** For each version with a share where its requests may go: to it, then to the others with one. */
export function poolsOf(shares: Shares, memberOf: (version: string) => Member | undefined): Map<string, Pool> {
  const members = shares.map(([version]) => memberOf(version)).filter((member) => member !== undefined);
  return new Map(
    shares.map(([version]) => [
      version,
      members.toSorted((one, other) => Number(other.version === version) - Number(one.version === version)),
    ]),
  );
}
