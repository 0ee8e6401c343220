/** Something that happened at one instant between the beginning and the end of its call. */
export interface Deed<State> {
  readonly name: string;
  /** It may also not have happened. */
  readonly maybe?: true;
  /** The state after it; null: it cannot have happened in this state. */
  readonly happens: (state: State) => State | null;
}

/** What one caller did and was told, with the times at which it began and had the answer. Its deeds happened in their order. */
export interface Call<State> {
  readonly name: string;
  readonly began: number;
  readonly ended: number;
  readonly deeds: readonly Deed<State>[];
}

/** Whether one order explains every answer, and that order; else the longest that explains a beginning. */
export interface Explanation {
  readonly whole: boolean;
  readonly order: readonly string[];
}

/**
 * Looks for one order of all deeds that explains every answer, each deed at an instant of its call. The search of Wing and
 * Gong with the memory of Lowe: what was done so far and the state it led to are never tried twice.
 */
export function linearization<State>(calls: readonly Call<State>[], start: State): Explanation {
  const done = calls.map(() => 0);
  const order: string[] = [];
  let longest: readonly string[] = [];
  const tried = new Set<string>();
  const search = (state: State): boolean => {
    const open = calls.flatMap((call, index) => ((done[index] ?? 0) < call.deeds.length ? [{ call, index }] : []));
    if (open.length === 0) return true;
    const key = `${done.join(' ')} ${JSON.stringify(state)}`;
    if (tried.has(key)) return false;
    tried.add(key);
    const firstEnd = Math.min(...open.map(({ call }) => call.ended));
    for (const { call, index } of open) {
      // A call that ended before this one began has all of its deeds behind it.
      if (call.began > firstEnd) continue;
      const at = done[index] ?? 0;
      const deed = call.deeds[at];
      if (!deed) continue;
      const after = deed.happens(state);
      done[index] = at + 1;
      if (after !== null) {
        order.push(`${call.name}: ${deed.name}`);
        if (order.length > longest.length) longest = [...order];
        if (search(after)) return true;
        order.pop();
      }
      if (deed.maybe && search(state)) return true;
      done[index] = at;
    }
    return false;
  };
  return { whole: search(start), order: longest };
}
