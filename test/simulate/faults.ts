import { shareOf } from './chance.ts';

/** What can go wrong. */
export const faultKinds = [
  'refused',
  'answer-lost',
  'hang',
  'late',
  'slow',
  'lag',
  'crash',
  'interrupt',
  'busy',
  'copy-death',
  'not-ready',
  'host-restart',
  'foreign-write',
  'clock-jump',
  'registry-away',
  'power-cut',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  readonly id: string;
  readonly kind: FaultKind;
  /** The step that was under way. */
  readonly step: string;
}

export interface FaultOptions {
  readonly seed: number;
  /** Only these may happen; null: all that the seed decides. */
  readonly only: ReadonlySet<string> | null;
}

/** How many of the sites of a kind are armed in a seed, and how often an armed one strikes in a wild seed and in a calm one. */
const armed = 0.25;
const wildest = 1;
const calmest = 0.1;

/**
 * Chance in two levels: a seed arms some sites, and an armed one goes wrong now and then. What happens at the nth time of a site
 * depends on nothing else, so that taking one fault away leaves the others where they were as far as can be.
 */
export class Faults {
  readonly happened: Fault[] = [];
  /** Since the world was healed nothing goes wrong. */
  healed = false;
  readonly #options: FaultOptions;
  readonly #wildness: number;
  readonly #places = new Map<string, { nth: number; readonly armed: boolean }>();

  constructor(options: FaultOptions) {
    this.#options = options;
    this.#wildness = calmest * (wildest / calmest) ** shareOf('wildness', options.seed);
  }

  /** Whether this goes wrong now. */
  strikes(kind: FaultKind, site: string, probability: number, step: string): boolean {
    const place = this.#place(`${kind}@${site}`);
    place.nth += 1;
    const { seed, only } = this.#options;
    if (this.healed || !place.armed) return false;
    const id = `${kind}@${site}#${place.nth}`;
    const wanted = only ? only.has(id) : shareOf(id, seed) < probability * this.#wildness;
    if (wanted) this.happened.push({ id, kind, step });
    return wanted;
  }

  #place(name: string): { nth: number; readonly armed: boolean } {
    let place = this.#places.get(name);
    if (!place) {
      const { seed, only } = this.#options;
      place = { nth: 0, armed: only !== null || shareOf(name, seed) < armed };
      this.#places.set(name, place);
    }
    return place;
  }
}
