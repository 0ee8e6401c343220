import type { ObjectKind } from './object-kinds.ts';

/** The latest state of each kind of object that was read or written. */
export interface LatestKnown {
  /** Of a list or an object of that kind. */
  note(kind: ObjectKind, resourceVersion: string | undefined): void;
  /** As the parameters of a list that may not be older; null: nothing of that kind is known. */
  of(kind: ObjectKind): { readonly resourceVersion: string; readonly resourceVersionMatch: 'NotOlderThan' } | null;
}

/** Resource versions of one kind are numbers that rise with every write, and one that is no number is of no use here. */
export function latestKnown(): LatestKnown {
  const latest = new Map<string, bigint>();
  return {
    note: ({ plural }, resourceVersion = '') => {
      if (!/^\d+$/.test(resourceVersion)) return;
      const version = BigInt(resourceVersion);
      if (version > (latest.get(plural) ?? 0n)) latest.set(plural, version);
    },
    of: ({ plural }) => {
      const version = latest.get(plural);
      return version === undefined ? null : { resourceVersion: String(version), resourceVersionMatch: 'NotOlderThan' };
    },
  };
}
