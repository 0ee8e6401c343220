/**
 * The shortest list that still fails, as far as taking away parts of it finds one (delta debugging): halves first, then smaller parts,
 * until no single item can be left out, or the trials are used up.
 */
export async function shrink<Item>(
  items: readonly Item[],
  fails: (items: readonly Item[]) => Promise<boolean>,
  trials = 150,
): Promise<readonly Item[]> {
  let left = items;
  let parts = 2;
  for (let tried = 0; left.length > 0 && tried < trials; ) {
    const size = Math.ceil(left.length / parts);
    let shorter: readonly Item[] | null = null;
    for (let start = 0; start < left.length && tried < trials; start += size) {
      const without = [...left.slice(0, start), ...left.slice(start + size)];
      tried += 1;
      if (await fails(without)) {
        shorter = without;
        break;
      }
    }
    if (shorter !== null) {
      left = shorter;
      parts = Math.max(2, parts - 1);
    } else if (size === 1) break;
    else parts = Math.min(left.length, parts * 2);
  }
  return left;
}
