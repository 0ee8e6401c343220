/** Share of each version in percent, in the order of their names. */
export type Shares = readonly (readonly [version: string, share: number])[];

export function sharesOf(weights: Readonly<Record<string, number>>): Shares {
  return Object.entries(weights)
    .filter(([, share]) => share > 0)
    .sort(([one], [other]) => (one < other ? -1 : 1));
}

/**
 * The version that a request goes to: a hash of seed and request id, spread over [0, 100), falls into the share of one of the
 * versions in the order of their names. The same id and seed always give the same version while the weights stay.
 */
export function chooseArm(shares: Shares, seed: string, id: string): string | null {
  const point = (hash(`${seed}/${id}`) / 2 ** 32) * 100;
  let reached = 0;
  for (const [version, share] of shares) {
    reached += share;
    if (point < reached) return version;
  }
  // Shares such as 33.3, 33.3 and 33.4 may sum to a hair under 100.
  return shares.at(-1)?.[0] ?? null;
}

/** FNV-1a with the finaliser of MurmurHash3, since ids often differ only in their last sign. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
