import type { CopyState, HostedService, HostHello } from '../model/hosting.ts';
import { documentOf } from './document.ts';
import { duration } from './duration.ts';
import { lineOf, paragraph } from './line.ts';
import { share } from './number.ts';
import { columnsOf, type Icon, type Paper } from './paper.ts';
import { printed } from './screen.ts';
import { table } from './table.ts';

/** The local host and everything it serves. */
export interface HostedView {
  readonly host: HostHello;
  readonly services: readonly HostedService[];
}

export function hostedDocument({ host, services }: HostedView): string {
  return documentOf('up', { host, services });
}

const copyIcons: Readonly<Record<CopyState, Icon>> = {
  starting: 'doing',
  warming: 'doing',
  ready: 'done',
  stopping: 'waiting',
  exited: 'failed',
  unready: 'warning',
};

export function hostedText({ host, services }: HostedView, paper: Paper): string {
  const care = host.supervised
    ? 'goes on with interrupted operations by itself'
    : 'unsupervised: nobody goes on with an interrupted operation';
  return printed([
    ...paragraph(
      paper,
      [{ icon: 'done' }, ' '],
      `local host, process ${host.pid}, for ${duration(paper.now - host.startedAt)}, ${care}`,
    ),
    ...services.flatMap((service) => ['', ...serviceLines(service, paper)]),
  ]);
}

function serviceLines(
  { service, address, listenProblem, metrics, weights, versions }: HostedService,
  paper: Paper,
): readonly string[] {
  const title = [
    ...(listenProblem === null
      ? [lineOf(paper, `${service}   ${address ?? 'not listening yet'}`)]
      : paragraph(paper, [`${service}   `, { icon: 'failed' }, ' '], listenProblem)),
    ...(metrics === null ? [] : [lineOf(paper, `  counters at ${metrics}/metrics`)]),
  ];
  if (versions.length === 0) return [...title, lineOf(paper, '  nothing runs')];
  const wide = columnsOf(paper) >= 100;
  const rows = versions.flatMap(({ version, copies, failed }) => [
    ...copies.map((copy, index) => ({
      icon: { icon: copyIcons[copy.state] },
      cells: [
        version,
        share(weights[version] ?? 0),
        copy.state,
        copy.pid === null ? '' : String(copy.pid),
        copy.port === null ? '' : String(copy.port),
        duration(paper.now - copy.since),
        String(copy.restarts),
        ...(wide ? [String(copy.inFlight), copy.identity ?? ''] : []),
      ],
      ...(failed !== null && index === copies.length - 1 ? { below: `given up: ${failed}` } : {}),
    })),
    ...(failed !== null && copies.length === 0
      ? [{ icon: { icon: 'failed' as const }, cells: [version], below: `given up: ${failed}` }]
      : []),
  ]);
  const columns = [
    { title: 'version' },
    { title: 'share', side: 'right' as const },
    { title: 'state', gives: true },
    { title: 'pid', side: 'right' as const },
    { title: 'port', side: 'right' as const },
    { title: 'for', side: 'right' as const },
    { title: 'restarts', side: 'right' as const },
    ...(wide ? [{ title: 'in flight', side: 'right' as const }, { title: 'answers as' }] : []),
  ];
  return [...title, ...table(paper, columns, rows)];
}
