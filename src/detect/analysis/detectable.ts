/**
 * Requests after which a rise of a bad rate by `ratio` would most likely have been seen, at a chance of a false alarm of `alpha` over all
 * looks: (ln(1/alpha) + ln J + 1) / (p (r ln r - (r - 1))), with p the rate before and J the ratios that are tried. It is what a test that
 * may be looked at after every interval needs; a fixed threshold needs no less to be as sure.
 */
export function requestsToSee(ratio: number, rate: number, alpha: number): number {
  return bits(alpha) / (rate * (ratio * Math.log(ratio) - (ratio - 1)));
}

/** The smallest rise that so many requests would most likely show, by halving; null: not even a hundredfold one. */
export function smallestRise(requests: number, rate: number, alpha: number): number | null {
  let [low, high] = [1, 100];
  if (requestsToSee(high, rate, alpha) > requests) return null;
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (requestsToSee(middle, rate, alpha) > requests) low = middle;
    else high = middle;
  }
  return high;
}

/** Ratios that a test of this kind tries at once. */
const ratiosTried = 30;

function bits(alpha: number): number {
  return Math.log(1 / alpha) + Math.log(ratiosTried) + 1;
}
