import type { IncidentState } from '../record/incident-view.ts';
import type { IncidentSummary } from '../record/list.ts';
import { documentOf } from './document.ts';
import { duration, instant } from './duration.ts';
import { lineOf } from './line.ts';
import { columnsOf, type Icon, type Paper } from './paper.ts';
import { printed } from './screen.ts';
import { versionOrNothing } from './sentence.ts';
import { type Column, table } from './table.ts';

const icons: Readonly<Record<IncidentState, Icon>> = {
  open: 'doing',
  mitigated: 'done',
  unverified: 'warning',
  failed: 'failed',
  superseded: 'warning',
};

export function incidentsDocument(incidents: readonly IncidentSummary[]): string {
  return documentOf('incidents', { incidents });
}

export function incidentsText(incidents: readonly IncidentSummary[], paper: Paper): string {
  if (incidents.length === 0)
    return printed([lineOf(paper, { icon: 'waiting' }, ' there is no incident: nothing was rolled back yet')]);
  const wide = columnsOf(paper) >= 110;
  const rows = incidents.map(({ name, service, kind, state, openedAt, endedAt, from, to, actor, reason, notes }) => ({
    icon: { icon: icons[state] },
    cells: [
      name,
      `${instant(openedAt).slice(0, 16)}Z`,
      service,
      `${from} ${kind === 'undecided' ? 'beside' : '→'} ${versionOrNothing(to)}`,
      kind === 'undecided' && state === 'open' ? 'undecided' : state,
      ...(wide ? [endedAt === null ? '' : duration(endedAt - openedAt), String(notes), actor, reason] : []),
    ],
    ...(wide ? {} : { below: `by ${actor}: ${reason}` }),
  }));
  const columns: readonly Column[] = [
    { title: 'incident' },
    { title: 'opened' },
    { title: 'service', gives: true },
    { title: 'versions', gives: true },
    { title: 'state' },
  ];
  const more: readonly Column[] = [
    { title: 'took', side: 'right' },
    { title: 'notes', side: 'right' },
    { title: 'by', gives: true },
    { title: 'reason', gives: true },
  ];
  return printed(table(paper, [...columns, ...(wide ? more : [])], rows));
}
