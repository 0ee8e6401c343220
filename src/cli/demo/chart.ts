import type { LedgerLine } from './account.ts';
import type { Paper } from '../../report/paper.ts';
import { percent } from '../../report/number.ts';
import { sparkline } from '../../report/sparkline.ts';

const cells = 48;

/** Errors and share of each version over the run, from the ledger: one row a version. */
export function chart(ledger: readonly LedgerLine[], versions: readonly string[], paper: Paper): string {
  const times = ledger.map(({ sent }) => sent);
  const [start, end] = [Math.min(...times), Math.max(...times)];
  const cellOf = (line: LedgerLine): number =>
    Math.min(cells - 1, Math.floor(((line.sent - start) / Math.max(1, end - start)) * cells));
  const all = countsOf(ledger, cellOf);
  const rows = versions.flatMap((version) => {
    const own = ledger.filter((line) => line.version === version);
    const count = countsOf(own, cellOf);
    const errors = countsOf(
      own.filter(({ status }) => status !== null && status >= 500),
      cellOf,
    );
    const rate = own.filter(({ status }) => status !== null && status >= 500).length / Math.max(1, own.length);
    return [
      `  ${version}  traffic ${draw(
        count.map((number, cell) => ((all[cell] ?? 0) === 0 ? null : number / (all[cell] ?? 1))),
        paper,
      )}  ${own.length.toLocaleString('en-US')} answers`,
      `  ${' '.repeat(version.length)}  errors  ${draw(
        errors.map((number, cell) => ((count[cell] ?? 0) === 0 ? null : number / (count[cell] ?? 1))),
        paper,
      )}  ${percent(rate)}`,
    ];
  });
  return `${rows.join('\n')}\n`;
}

function countsOf(lines: readonly LedgerLine[], cellOf: (line: LedgerLine) => number): number[] {
  const counts = Array.from({ length: cells }, () => 0);
  for (const line of lines) counts[cellOf(line)] = (counts[cellOf(line)] ?? 0) + 1;
  return counts;
}

function draw(values: readonly (number | null)[], paper: Paper): string {
  const drawn = sparkline(values, cells);
  return paper.unicode ? drawn : drawn.replaceAll(/[^\x20-\x7e]/g, (sign) => '_.-=+*#@'['▁▂▃▄▅▆▇█'.indexOf(sign)] ?? ' ');
}
