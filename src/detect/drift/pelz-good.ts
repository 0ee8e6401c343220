/**
 * P(D_n <= d) for many values: the limit law and its corrections of order n^(-1/2), n^(-1) and n^(-3/2), as theta functions that converge quickly
 * for small z = d sqrt(n). Pelz and Good, "Approximating the lower tail areas of the Kolmogorov-Smirnov one-sample statistic"
 * (JRSS B 1976); at least five digits from n = 140 on (Simard and L'Ecuyer 2011).
 */
export function pelzGood(d: number, n: number): number {
  const z = d * Math.sqrt(n);
  const [z2, z4, z6, z8] = [z ** 2, z ** 4, z ** 6, z ** 8];
  const [pi2, pi4, pi6] = [Math.PI ** 2, Math.PI ** 4, Math.PI ** 6];
  const sums = [0, 0, 0, 0] as [number, number, number, number];
  let [second, third] = [0, 0];
  for (let k = Math.ceil((16 * z) / Math.PI); k >= 1; k -= 1) {
    const m2 = (2 * k - 1) ** 2;
    const odd = Math.exp((-pi2 * m2) / (8 * z2));
    sums[0] += odd;
    sums[1] += odd * ((pi2 / 4) * m2 - z2);
    sums[2] += odd * (6 * z6 + 2 * z4 + (2 * z4 - 5 * z2) * (pi2 / 4) * m2 + ((pi4 * (1 - 2 * z2)) / 16) * m2 ** 2);
    const [b, c, e] = [(pi2 * (135 * z4 - 96 * z6)) / 4, (pi4 * (212 * z4 - 60 * z2)) / 16, (pi6 * (5 - 30 * z2)) / 64];
    sums[3] += odd * (-30 * z6 - 90 * z8 + b * m2 + c * m2 ** 2 + e * m2 ** 3);
    const every = Math.exp((-pi2 * k * k) / (2 * z2)) * k * k;
    second += every;
    third += every * (3 * z2 - pi2 * k * k);
  }
  const root = Math.sqrt(2 * Math.PI);
  const limit = (root * sums[0]) / z;
  const first = (root * sums[1]) / (6 * z4);
  const next = root * (sums[2] / (72 * z ** 7) - (pi2 * second) / (36 * z ** 3));
  const last = root * (sums[3] / (6480 * z ** 10) + (pi2 * third) / (216 * z6));
  return limit + first / Math.sqrt(n) + next / n + last / n ** 1.5;
}
