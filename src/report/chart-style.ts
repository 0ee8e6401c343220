/**
 * One colour for each version, kept apart by lightness as well as by hue; red is only harm. On paper as by day. It holds no text of
 * anybody, so a page can allow it by its hash.
 */
export const chartStyle = [
  '.chart{--ink:#1f2328;--faint:#8c959f;--grid:#d8dee4;--bad:#7a3fd0;--stable:#0b7285;--other:#8c959f;--harm:#c9252d;--sheet:#fff}',
  '@media screen and (prefers-color-scheme:dark){.chart{--ink:#e6edf3;--faint:#8b949e;--grid:#30363d;--bad:#b794f6;--stable:#3bc9db;--other:#6e7681;--harm:#ff6b6b;--sheet:#0d1117}}',
  '.chart text{font:11px system-ui,sans-serif;fill:var(--ink)}.chart .axis{fill:var(--faint)}.chart .name{font-weight:600}',
  '.chart .sheet{fill:var(--sheet)}.chart .grid{stroke:var(--grid);fill:none}.chart .tick{stroke:var(--ink);stroke-dasharray:3 3;fill:none}',
  '.chart .line{fill:none;stroke-width:2;stroke-linejoin:round}.chart .line.bad{stroke:var(--bad)}.chart .line.stable{stroke:var(--stable)}',
  '.chart .area.bad{fill:var(--bad);fill-opacity:.75}.chart .area.stable{fill:var(--stable);fill-opacity:.45}.chart .area.other{fill:var(--other)}',
  '.chart .harm{fill:var(--harm);fill-opacity:.3}',
].join('');
