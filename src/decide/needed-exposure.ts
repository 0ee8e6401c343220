import { errorsWeight } from '../detect/metrics.ts';
import { wideGrid } from '../detect/sequential/ratio-e-process.ts';
import type { GuardPolicy, GuardState } from '../model/evidence.ts';

/**
 * Requests that a pass needs: enough to find a rise of the error rate by `detect` with a power of about 0.8 (simulated: 0.74 to 0.83),
 * (ln(1/(w alpha)) + ln J + 2.5) / (p I), with w the part of `alpha` that errors have, p the stable version's rate, at least `smallestRate`,
 * and I what each request of the canary tells beside k times as many of the stable version where a ratio t is tolerated,
 * r ln(r (t + k) / (t (r + k))) + k ln((t + k) / (r + k)), of which r ln(r / t) - (r - t) is the limit for a rate that is known; times
 * the dispersion, since of so many only one tells something.
 */
export function neededExposure(state: GuardState, policy: GuardPolicy): number {
  const { canary, baseline } = state.metrics.errors;
  const { detect: ratio, tolerate, alpha, dispersion = 1 } = policy;
  const beside = baseline.of > 0 && canary.of > 0 ? baseline.of / canary.of : 1;
  const told =
    ratio * Math.log((ratio * (tolerate + beside)) / (tolerate * (ratio + beside))) +
    beside * Math.log((tolerate + beside) / (ratio + beside));
  return Math.ceil(
    (dispersion * (Math.log(1 / (errorsWeight * alpha)) + Math.log(wideGrid.length) + 2.5)) /
      (comparedRate(state, policy) * told),
  );
}

/** The error rate of which a rise is looked for: the stable version's, at least `smallestRate`. */
export function comparedRate({ metrics: seen }: GuardState, { smallestRate }: GuardPolicy): number {
  const { bad, of } = seen.errors.baseline;
  return Math.max(of > 0 ? bad / of : 0, smallestRate);
}
