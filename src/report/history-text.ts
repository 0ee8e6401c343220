import { duration, instant } from './duration.ts';
import type { HistoryView, Verdict } from './history.ts';
import { lineOf } from './line.ts';
import { share } from './number.ts';
import { columnsOf, type Icon, type Paper } from './paper.ts';
import { printed } from './screen.ts';
import { versionOrNothing } from './sentence.ts';
import { table } from './table.ts';

const icons: Readonly<Record<Verdict, Icon>> = {
  'verified': 'done',
  'not verified': 'warning',
  'done': 'done',
  'failed': 'failed',
  'stuck': 'failed',
  'superseded': 'warning',
  'abandoned': 'warning',
  'open': 'doing',
  'running': 'doing',
  'interrupted': 'warning',
};

export function historyText(view: HistoryView, paper: Paper): string {
  const { ledger, tenures, service, served } = view;
  if (ledger.length === 0 && tenures.length === 0)
    return printed([lineOf(paper, { icon: 'waiting' }, ` ${service} has no history yet`)]);
  const wide = columnsOf(paper) >= 110;
  const ledgerRows = ledger.map(({ at, what, operation, from, to, by, verdict, why }) => ({
    icon: { icon: icons[verdict] },
    cells: [
      instant(at),
      what,
      to === null ? (from ?? '') : `${versionOrNothing(from)} → ${to}`,
      verdict,
      by,
      operation ?? '',
      ...(wide ? [why] : []),
    ],
    ...(wide ? {} : { below: why }),
  }));
  const tenureRows = tenures.map((tenure) => ({
    cells: [
      tenure.version,
      instant(tenure.since),
      `${duration((tenure.until ?? paper.now) - tenure.since)}${tenure.until === null ? ', still' : ''}`,
      share(tenure.highestShare),
      tenure.knownGood ? 'known good' : '',
      [...tenure.marks, ...(tenure.source === 'witnessed' ? [] : [tenure.source])].join(', '),
    ],
  }));
  return printed([
    lineOf(paper, `${service}: who changed what`),
    ...table(
      paper,
      [
        { title: 'when' },
        { title: 'what' },
        { title: 'versions', gives: true },
        { title: 'verdict' },
        { title: 'by', gives: true },
        { title: 'op' },
        ...(wide ? [{ title: 'why', gives: true }] : []),
      ],
      ledgerRows,
    ),
    '',
    lineOf(paper, `${service}: what ${served ? 'served' : 'held the pointer'}`),
    ...table(
      paper,
      [
        { title: 'version' },
        { title: 'since' },
        { title: 'for' },
        { title: 'most', side: 'right' },
        { title: '' },
        { title: 'remarks', gives: true },
      ],
      tenureRows,
    ),
  ]);
}
