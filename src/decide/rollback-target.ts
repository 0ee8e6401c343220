import type { Tenure } from '../model/history.ts';

/** What the choice looks at. Pure: everything was read before. */
export interface TargetSituation {
  readonly service: string;
  /** The version being left. */
  readonly from: string;
  /** The version that served before an open deploy, or null when none is open. */
  readonly stable: string | null;
  /** Stretches at a share, newest first; of a registry alone: stretches with the pointer. */
  readonly tenures: readonly Tenure[];
  readonly bundleDigest: (version: string) => string | null;
  /** Every stored file is there, and the version was not deprecated. */
  readonly usable: (version: string) => boolean;
  readonly knownGood: (tenure: Tenure) => boolean;
  readonly quarantined: (version: string) => boolean;
  /** A person asks; an automatic trigger may take less. */
  readonly person: boolean;
  /** Targets that already failed to come up in this rollback. */
  readonly excluded: readonly string[];
}

export type TargetMark = 'stable' | 'known good' | 'imported' | 'attested' | 'not known good';

export type TargetChoice =
  | {
      readonly kind: 'target';
      readonly version: string;
      readonly mark: TargetMark;
      readonly why: string;
      readonly passedOver: readonly string[];
    }
  | { readonly kind: 'none'; readonly why: string };

/** Which version a rollback without `--to` goes to: rules 1 and 3 of the page. Rule 2 is about an operation that exists, see standing-rollback. */
export function chooseTarget(situation: TargetSituation): TargetChoice {
  const { stable, from, person } = situation;
  if (stable !== null && stable !== from && !situation.excluded.includes(stable)) {
    return { kind: 'target', version: stable, mark: 'stable', why: `${stable} served before this deploy began`, passedOver: [] };
  }
  const left = situation.bundleDigest(from);
  const candidates = situation.tenures.filter(
    (tenure) =>
      tenure.version !== from &&
      tenure.fullSince !== null &&
      !situation.excluded.includes(tenure.version) &&
      (left === null || situation.bundleDigest(tenure.version) !== left),
  );
  const passedOver: string[] = [];
  const pass = (version: string, why: string): void => {
    if (!passedOver.some((line) => line.startsWith(`${version} `))) passedOver.push(`${version} ${why}`);
  };
  for (const tenure of candidates) {
    if (situation.quarantined(tenure.version)) pass(tenure.version, 'is quarantined');
    else if (!situation.usable(tenure.version)) pass(tenure.version, 'is deprecated or has a file missing');
    else if (!situation.knownGood(tenure)) pass(tenure.version, 'is not known good');
    else if (tenure.source === 'witnessed') {
      return {
        kind: 'target',
        version: tenure.version,
        mark: 'known good',
        why: `${tenure.version} is the newest known good version`,
        passedOver,
      };
    } else if (person) {
      return {
        kind: 'target',
        version: tenure.version,
        mark: tenure.source,
        why: `${tenure.version} is known good by an entry that was ${tenure.source}`,
        passedOver,
      };
    } else pass(tenure.version, `is known only by an ${tenure.source} entry`);
  }
  const fallback = person
    ? candidates.find((tenure) => !situation.quarantined(tenure.version) && situation.usable(tenure.version))
    : undefined;
  if (fallback) {
    return {
      kind: 'target',
      version: fallback.version,
      mark: fallback.source === 'witnessed' ? 'not known good' : fallback.source,
      why: `no version is known good; ${fallback.version} is the newest that held 100 % and is whole`,
      passedOver: passedOver.filter((line) => !line.startsWith(`${fallback.version} `)),
    };
  }
  return {
    kind: 'none',
    why: passedOver.length > 0 ? passedOver.join('; ') : `nothing else ever held 100 % of ${situation.service}`,
  };
}
