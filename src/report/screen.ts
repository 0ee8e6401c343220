/** A screen as text: its lines, each ended. */
export function printed(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
