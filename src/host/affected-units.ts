/** Units remembered for one split; beyond this they are begun anew, of all versions at once, so that none is counted more often than another. */
const most = 200_000;

/**
 * Users or sessions, by version, since the split was last changed: each is counted once when it is seen, and once when it fails first.
 * Of one person's ten retries one tells something.
 */
export class AffectedUnits {
  readonly #arms = new Map<string, Map<string, boolean>>();
  #size = 0;

  /** Whether it is new to the version. */
  see(version: string, unit: string): boolean {
    const units = this.#of(version);
    if (units.has(unit)) return false;
    if (this.#size >= most) this.forget();
    this.#of(version).set(unit, false);
    this.#size += 1;
    return true;
  }

  /** Whether it had not failed at the version before. */
  fail(version: string, unit: string): boolean {
    const units = this.#of(version);
    const known = units.get(unit);
    // Not known: the split has changed while its request was on the way, and it was counted before that.
    if (known !== false) return false;
    units.set(unit, true);
    return true;
  }

  forget(): void {
    this.#arms.clear();
    this.#size = 0;
  }

  #of(version: string): Map<string, boolean> {
    const known = this.#arms.get(version);
    if (known) return known;
    const units = new Map<string, boolean>();
    this.#arms.set(version, units);
    return units;
  }
}
