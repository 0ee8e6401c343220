const levels = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/** The last values as a line of little bars from zero up. What was not measured is a blank. */
export function sparkline(values: readonly (number | null)[], cells: number): string {
  const last = values.slice(-cells);
  const highest = Math.max(0, ...last.filter((value) => value !== null && Number.isFinite(value)).map(Number));
  return last.map((value) => (value === null || !Number.isFinite(value) ? ' ' : level(value, highest))).join('');
}

function level(value: number, highest: number): string {
  const position = highest <= 0 ? 0 : Math.round((Math.max(0, value) / highest) * (levels.length - 1));
  return levels[position] ?? '▁';
}
