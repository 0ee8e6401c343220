import { backText } from './back.ts';
import { bar } from './bar.ts';
import { ago, duration } from './duration.ts';
import { laneText } from './lane.ts';
import { labelled, labelledList, lineOf, paragraph } from './line.ts';
import { count, percent, share } from './number.ts';
import { columnsOf, type Icon, type Paper } from './paper.ts';
import { printed } from './screen.ts';
import type { VersionSignals } from './signals.ts';
import { sparkline } from './sparkline.ts';
import type { Condition } from './condition.ts';
import type { ServingView, StatusView } from './status.ts';
import { table } from './table.ts';

const words: Readonly<Record<Condition, readonly [Icon, string]>> = {
  unseen: ['failed', 'cannot be seen: the local host does not run'],
  down: ['failed', 'down: no copy with traffic is ready'],
  degraded: ['failed', 'degraded'],
  differs: ['warning', 'the registry and what serves differ'],
  stuck: ['failed', 'an operation is stuck'],
  interrupted: ['warning', 'an operation was interrupted'],
  moving: ['doing', 'an operation is under way'],
  open: ['doing', 'a deploy is open'],
  empty: ['waiting', 'nothing is in production'],
  serving: ['done', 'serving'],
};

export function statusText(views: readonly StatusView[], paper: Paper): string {
  return printed(views.flatMap((view, index) => [...(index === 0 ? [] : ['']), ...statusLines(view, paper)]));
}

export function statusLines(view: StatusView, paper: Paper): readonly string[] {
  const [icon, word] = words[view.condition];
  const { now } = paper;
  const label = (name: string, text: string): readonly string[] => labelled(paper, name, text);
  return [
    lineOf(
      paper,
      `${view.service}   `,
      { icon },
      ` ${view.served || view.condition !== 'serving' ? word : 'in production by its registry; nothing is served'}`,
    ),
    ...label('model', [view.model, ...(view.address === null ? [] : [view.address])].join(' · ')),
    ...trafficLines(view.serving, paper),
    ...label('registry', registryText(view)),
    ...view.differences.flatMap((difference) => paragraph(paper, [`  ${' '.repeat(12)}`, { icon: 'warning' }, ' '], difference)),
    ...labelledList(
      paper,
      'writers',
      view.writers.map(({ called, active, pause }) =>
        active ? `${called} writes the weights too${pause === null ? '' : `: ${pause}`}` : `${called} wrote the weights earlier`,
      ),
    ),
    ...(view.operation
      ? [
          ...paragraph(
            paper,
            ['  ', { icon: view.operation.standing === 'runs' ? 'doing' : 'warning' }, ' '],
            laneText(view.operation, now),
          ),
          ...label('', view.operation.next),
        ]
      : []),
    ...signalLines(view, paper),
    ...(view.hold ? label('hold', `${ago(view.hold.since, now)} by ${view.hold.actor}: ${view.hold.reason}`) : []),
    ...labelledList(
      paper,
      'quarantine',
      view.quarantined.map(
        (mark) => `${mark.version}, ${ago(mark.since, now)} by ${mark.actor}: ${mark.evidence ?? mark.reason}`,
      ),
    ),
    ...(view.back ? label('back to', backText(view.back, view.served)) : []),
    ...outageLines(view, paper),
    ...label('state', view.state),
    ...(view.next === null ? [] : label('next', view.next)),
  ];
}

/** Told for a day: the local host is what clients talk to, so its death is a time without answers. */
function outageLines({ lastOutage }: StatusView, paper: Paper): readonly string[] {
  if (lastOutage === null || paper.now - lastOutage.since > 24 * 60 * 60 * 1000) return [];
  const { since, lasted } = lastOutage;
  return labelled(
    paper,
    'outage',
    `clients had no answer for ${duration(lasted)}, ${ago(since, paper.now)}: the local host had died and was started again`,
  );
}

function registryText({ pointer, served, serving, condition }: StatusView): string {
  const points = pointer === null ? 'points to nothing' : `points to ${pointer}`;
  if (!served || condition === 'unseen') return points;
  return serving.some(({ version, share: part }) => version === pointer && part === 100)
    ? `${points}, which has all traffic`
    : points;
}

function trafficLines(serving: readonly ServingView[], paper: Paper): readonly string[] {
  if (serving.length === 0) return [];
  const cells = columnsOf(paper) >= 100 ? 20 : 10;
  const rows = serving.map(({ version, share: part, ready, wanted, restarts, failed, quarantined, since }) => ({
    icon: { icon: iconOf({ share: part, ready, wanted, failed }) },
    cells: [
      version,
      `${bar(part, cells)} ${share(part)}`,
      `${ready} of ${wanted} ready`,
      [
        ...(quarantined ? ['quarantined'] : []),
        ...(failed === null ? [] : [failed]),
        ...(restarts > 0 ? [`${restarts} restarts`] : []),
        ...(since === null ? [] : [`for ${duration(paper.now - since)}`]),
      ].join(', '),
    ],
  }));
  const columns = [{ title: '' }, { title: '' }, { title: '' }, { title: '', gives: true }];
  return table(paper, columns, rows);
}

function iconOf({ share: part, ready, wanted, failed }: Pick<ServingView, 'share' | 'ready' | 'wanted' | 'failed'>): Icon {
  if (part === 0) return failed === null ? 'waiting' : 'warning';
  return failed === null && ready >= wanted && ready > 0 ? 'done' : 'failed';
}

function signalLines({ signals, window, serving }: StatusView, paper: Paper): readonly string[] {
  const told = signals.filter(
    ({ version, requests }) => requests > 0 || serving.some((each) => each.version === version && each.share > 0),
  );
  if (told.length === 0) return [];
  const columns = [
    { title: window === null ? 'signals' : `signals (${duration(window)})` },
    { title: 'requests', side: 'right' },
    { title: 'errors', side: 'right' },
    { title: 'unanswered', side: 'right' },
    { title: 'p95', side: 'right' },
    { title: '', gives: true },
  ] as const;
  return table(
    paper,
    columns,
    told.map((each) => ({ cells: signalCells(each) })),
  );
}

function signalCells({ version, requests, errors, unanswered, p95, badRates }: VersionSignals): readonly string[] {
  return [
    version,
    count(requests),
    requests === 0 ? '' : percent(errors / requests),
    count(unanswered),
    p95 === null ? '' : `${p95.beyond ? '> ' : '≤ '}${Number(p95.edge.toPrecision(3))} ms`,
    sparkline(badRates, 12),
  ];
}
