import { rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';

/** How long after a death the process that restarts the host has noticed it. */
const noticed = 2_000;

/**
 * A file that is touched for as long as everything that has traffic can be reached, and taken away by a host that is told to stop. One
 * that is still there at a start tells since when nobody was served.
 */
export class Alive {
  readonly #file: string;
  /** Since when nobody was served; null: the host before this one was told to stop, or there was none. */
  readonly diedAt: number | null;

  /** `noticedAt`: when whoever starts the host again saw it end, which is more exact. */
  constructor(file: string, noticedAt: number | null) {
    this.#file = file;
    const last = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? null;
    const exact = last !== null && noticedAt !== null && noticedAt - last < noticed;
    this.diedAt = exact ? noticedAt : last === null ? null : Math.round(last);
  }

  beat(now: number): void {
    try {
      if (statSync(this.#file, { throwIfNoEntry: false })) utimesSync(this.#file, now / 1000, now / 1000);
      else writeFileSync(this.#file, '', { mode: 0o600 });
    } catch {
      // A full disk must not stop what serves; then an outage is not measured.
    }
  }

  end(): void {
    rmSync(this.#file, { force: true });
  }
}
