import type { Incident } from '../record/incident-view.ts';
import { command } from './command.ts';
import { lineOf, paragraph as broken } from './line.ts';
import { type Block, blankText, type Inline, pageOf, type Text } from './incident-page.ts';
import { incidentSparklines } from './incident-sparklines.ts';
import type { Icon, Paper } from './paper.ts';
import { printed } from './screen.ts';
import { table } from './table.ts';
import { padded } from './width.ts';

const icons: Readonly<Record<Incident['state'], Icon>> = {
  open: 'doing',
  mitigated: 'done',
  unverified: 'warning',
  failed: 'failed',
  superseded: 'warning',
};

/** The report on a terminal: the same words as in every other medium. */
export function incidentText(incident: Incident, paper: Paper): string {
  const { facts, sections } = pageOf(incident);
  const state = facts.find(({ name }) => name === 'Status')?.text ?? [];
  return printed([
    lineOf(
      paper,
      { icon: icons[incident.state] },
      ` ${incident.name}  ${incident.service}  ${incident.from} → ${incident.to ?? 'nothing'}   `,
      plain(state),
    ),
    ...facts
      .filter(({ name }) => name !== 'Incident' && name !== 'Status')
      .flatMap(({ name, text }) => broken(paper, [`  ${padded(name.toLowerCase(), 13)}`], plain(text))),
    ...sections.flatMap(({ title, blocks }) => [
      '',
      lineOf(paper, title),
      ...blocks.flatMap((block) => blockLines(block, incident, paper)),
    ]),
    '',
    lineOf(paper, '  export     ', command(['incident', 'export', String(incident.number), '--format', 'md'])),
    lineOf(paper, '  add a note ', command(['incident', 'note', String(incident.number), '--section', 'root-cause', 'TEXT'])),
  ]);
}

function blockLines(block: Block, incident: Incident, paper: Paper): readonly string[] {
  switch (block.kind) {
    case 'paragraph':
      return broken(paper, ['  '], plain(block.text));
    case 'list':
      return block.items.flatMap((item) => broken(paper, ['  - '], plain(item)));
    case 'checks':
      return block.items.flatMap(({ done, text }) => broken(paper, [done ? '  [x] ' : '  [ ] '], plain(text)));
    case 'timeline':
      return block.entries.flatMap(({ time, actor, text }) =>
        broken(paper, [`  ${time}  `], `${plain(text)}${actor === '' ? '' : ` (${actor})`}`),
      );
    case 'table':
      return table(
        paper,
        block.columns.map(({ title, side }) => ({ title, gives: side !== 'right', ...(side ? { side } : {}) })),
        block.rows.map((row) => ({ cells: row.map(plain) })),
      );
    case 'note':
      return [
        ...block.text.split(/\r\n|\r|\n/).flatMap((line) => broken(paper, ['  | '], line)),
        ...broken(paper, ['    '], `${block.by}`),
      ];
    case 'chart': {
      const rows = incidentSparklines(incident);
      const widest = Math.max(0, ...rows.map(({ name }) => name.length));
      return rows.map(({ name, line }) => lineOf(paper, `  ${padded(name, widest)}  `, line));
    }
  }
}

function plain(text: Text): string {
  return text.map(word).join('');
}

function word(part: Inline): string {
  if (typeof part === 'string') return part;
  return 'blank' in part ? `_${blankText}_` : part.code;
}
