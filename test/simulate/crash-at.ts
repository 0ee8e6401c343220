import { type FaultKind, Faults } from './faults.ts';

/** Nothing goes wrong but this: the process that is watched dies at the nth instant at which it could. */
export class CrashAt extends Faults {
  /** Instants that were passed since the watch began. */
  passed = 0;
  #nth: number | null = null;
  #watching = false;

  constructor() {
    super({ seed: 0, only: new Set() });
  }

  /** Null: count only. */
  watch(nth: number | null): void {
    this.passed = 0;
    this.#nth = nth;
    this.#watching = true;
  }

  rest(): void {
    this.#watching = false;
  }

  override strikes(kind: FaultKind, site: string, _probability: number, step: string): boolean {
    if (kind !== 'crash' || !this.#watching || this.healed) return false;
    this.passed += 1;
    if (this.passed !== this.#nth) return false;
    this.happened.push({ id: `crash@${site}`, kind, step });
    this.#watching = false;
    return true;
  }
}
