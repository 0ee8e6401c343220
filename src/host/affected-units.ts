/** Units remembered for one split; beyond this they are begun anew, of all versions at once, so that none is counted more often than another. */
const most = 200_000;

/** What one user or session has met at one version, while the split is what it was. */
export interface AffectedUnit {
  /** Which split it was seen under. */
  readonly split: number;
  failed: boolean;
  /** Bucket of its slowest answer; -1: it had none. */
  slowest: number;
  labelled: boolean;
  wrong: boolean;
  /** One of its requests was answered by both versions and labelled; one of those was answered wrong by either. */
  paired: boolean;
  pairedWrong: boolean;
}

/**
 * Users or sessions, by version, since the split was last changed. Each is counted once in everything that it meets: of one person's ten
 * retries one tells something.
 */
export class AffectedUnits {
  readonly #arms = new Map<string, Map<string, AffectedUnit>>();
  #size = 0;
  #split = 0;

  /** The one of that name, and whether it is new to the version. */
  see(version: string, name: string): { readonly unit: AffectedUnit; readonly fresh: boolean } {
    const known = this.#arms.get(version)?.get(name);
    if (known) return { unit: known, fresh: false };
    if (this.#size >= most) this.forget();
    const none = { failed: false, slowest: -1, labelled: false, wrong: false, paired: false, pairedWrong: false };
    const unit: AffectedUnit = { split: this.#split, ...none };
    const arm = this.#arms.get(version) ?? new Map<string, AffectedUnit>();
    this.#arms.set(version, arm.set(name, unit));
    this.#size += 1;
    return { unit, fresh: true };
  }

  /** Whether the split is still as it was when this one was seen. What comes later, an end or a label, is nobody's: it was given by other shares. */
  counts(unit: AffectedUnit): boolean {
    return unit.split === this.#split;
  }

  forget(): void {
    this.#arms.clear();
    this.#size = 0;
    this.#split += 1;
  }
}
