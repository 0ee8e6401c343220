import type { FullStretch, Tenure } from '../model/history.ts';
import type { Bake } from '../model/service.ts';

export interface KnownGoodOptions {
  /** Nothing is served: holding the pointer takes the place of verification, bake and requests. */
  readonly pointerOnly: boolean;
  /** Lets a stretch that still lasts count up to now; without it, only if its bake was recorded as passed. */
  readonly now?: number;
}

/**
 * Whether a version may be gone back to without a second thought, as far as its history tells: verified, held 100 % for its bake
 * with enough requests, no regressed verdict, not quarantined since. Whether its bundle is still whole is for the caller to see.
 */
export function isKnownGood(tenure: Tenure, bake: Bake, options: KnownGoodOptions): boolean {
  return whyNotKnownGood(tenure, bake, options) === null;
}

/** The first thing that is missing, as a sentence without a full stop; null for a known good tenure. */
export function whyNotKnownGood(tenure: Tenure, bake: Bake, { pointerOnly, now }: KnownGoodOptions): string | null {
  const { version } = tenure;
  if (tenure.quarantinedSince) return `${version} was quarantined since`;
  if (tenure.regressed) return `${version} regressed while it served`;
  if (tenure.fullSince === null) return `${version} never held ${pointerOnly ? 'the pointer' : '100 %'}`;
  if (pointerOnly) return null;
  if (!tenure.verified) return `${version} was never verified at the endpoint`;
  if (tenure.baked || tenure.fullStretches.some((stretch) => baked(stretch, bake, now))) return null;
  const longest = Math.max(...tenure.fullStretches.map((stretch) => held(stretch, now)));
  if (longest < bake.for) return `${version} held 100 % for ${inSeconds(longest)}, less than its bake of ${inSeconds(bake.for)}`;
  return `${version} answered ${tenure.requests ?? 0} requests at 100 %, fewer than the ${bake.requests} of its bake`;
}

/** Known good by time alone: nobody counted the requests. Screens say "traffic unknown". */
export function isTrafficUnknown(tenure: Tenure): boolean {
  return tenure.requests === null;
}

function baked(stretch: FullStretch, bake: Bake, now: number | undefined): boolean {
  return held(stretch, now) >= bake.for && (stretch.requests === null || stretch.requests >= bake.requests);
}

function held({ since, until }: FullStretch, now: number | undefined): number {
  return Math.max(0, (until ?? now ?? since) - since);
}

function inSeconds(milliseconds: number): string {
  return `${Math.floor(milliseconds / 100) / 10} s`;
}
