import type { Copy } from './copy.ts';

/** Where a copy may be chosen from: the versions with a share, the request's own first. */
export type Pool = readonly { readonly copies: readonly Copy[] }[];

let turn = 0;

/**
 * The copy a request goes to. A ready one of its own version; else a ready one of another version with a share, since no request has
 * to fail while anything could answer it; else one that was ready and fails its probes: slow or overloaded, it may still answer, and
 * taking all traffic from the last copies would make an outage out of a slowness. Null: nothing there could answer.
 */
export function chooseCopy(pool: Pool): Copy | null {
  for (const state of ['ready', 'unready'] as const) {
    for (const { copies } of pool) {
      const chosen = leastBusy(copies, state, null);
      if (chosen) return chosen;
    }
  }
  return null;
}

/** Where to try again what a copy left unanswered: another of the same version, else the same one while it lives. Never another version. */
export function chooseAgain(copies: readonly Copy[], tried: Copy): Copy | null {
  const other = leastBusy(copies, 'ready', tried) ?? leastBusy(copies, 'unready', tried);
  return other ?? (tried.state === 'exited' || tried.isEnding() ? null : tried);
}

/** The one with the fewest requests in flight, in turn among equals. */
function leastBusy(copies: readonly Copy[], state: 'ready' | 'unready', without: Copy | null): Copy | null {
  turn += 1;
  let best: Copy | null = null;
  for (let index = 0; index < copies.length; index += 1) {
    const copy = copies[(index + turn) % copies.length];
    if (copy && copy !== without && copy.state === state && (best === null || copy.inFlight < best.inFlight)) best = copy;
  }
  return best;
}
