/** A share of 0 to 100 as a bar. Anything above none shows, and less than all never looks full. */
export function bar(share: number, cells: number): string {
  const rounded = Math.round((Math.min(100, Math.max(0, share)) / 100) * cells);
  const filled = share <= 0 ? 0 : share >= 100 ? cells : Math.min(cells - 1, Math.max(1, rounded));
  return '█'.repeat(filled) + '░'.repeat(cells - filled);
}
