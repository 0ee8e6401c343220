const coefficients: readonly number[] = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059, 12.507343278686905,
  -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

const halfLogTwoPi = 0.5 * Math.log(2 * Math.PI);

/** From here on Stirling's series is exact to the last digit, and loses less than Lanczos' sum. */
const large = 15;

/** ln of the gamma function, for x > 0. Lanczos, g = 7, n = 9 (Godfrey's coefficients); Stirling's series for large x (DLMF 5.11.1). */
export function logGamma(x: number): number {
  if (x >= large) return stirling(x) + stirlingRemainder(x);
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const shifted = x - 1;
  const sum = coefficients.slice(1).reduce((total, each, index) => total + each / (shifted + index + 1), coefficients[0] ?? 0);
  const edge = shifted + 7.5;
  return halfLogTwoPi + (shifted + 0.5) * Math.log(edge) - edge + Math.log(sum);
}

function stirling(x: number): number {
  return (x - 0.5) * Math.log(x) - x + halfLogTwoPi;
}

/** ln Gamma(x) less Stirling's main term, for x >= 15: 1/(12x) - 1/(360x^3) + ... */
function stirlingRemainder(x: number): number {
  const square = 1 / (x * x);
  return (1 / 12 + square * (-1 / 360 + square * (1 / 1260 + square * (-1 / 1680 + square * (1 / 1188))))) / x;
}

/**
 * ln B(a, b). For a large sum the three logarithms of gamma nearly cancel, so there their main terms are taken together first.
 */
export function logBeta(a: number, b: number): number {
  const [small, great] = a < b ? [a, b] : [b, a];
  if (great < large) return logGamma(small) + logGamma(great) - logGamma(small + great);
  const both = small + great;
  const rest = stirlingRemainder(great) - stirlingRemainder(both);
  if (small < large) {
    // ln Gamma(great) - ln Gamma(both), main terms: small * (1 - ln both) + (great - 1/2) * ln(great / both).
    return logGamma(small) + small - small * Math.log(both) - (great - 0.5) * Math.log1p(small / great) + rest;
  }
  return (
    halfLogTwoPi -
    0.5 * Math.log(great) +
    (small - 0.5) * Math.log(small / both) -
    great * Math.log1p(small / great) +
    stirlingRemainder(small) +
    rest
  );
}
