import type { Incident } from '../record/incident-view.ts';
import { incidentSparklines } from './incident-sparklines.ts';
import { type Block, blankText, type Inline, pageOf, type Text } from './incident-page.ts';
import { visible } from './visible.ts';

export interface MarkdownOptions {
  /** Where the chart lies as SVG, relative to the Markdown file; null: there is no such file, and the sparklines stand alone. */
  readonly chart: string | null;
}

/** The report as GitHub-flavoured Markdown. No text of anybody can begin a heading, a list, a link, HTML or a mention. */
export function incidentMarkdown(incident: Incident, { chart }: MarkdownOptions): string {
  const { title, facts, sections } = pageOf(incident);
  const lines = [
    `# ${escaped(title)}`,
    '',
    ...facts.map(({ name, text }) => `**${name}**: ${inlines(text)}  `),
    ...sections.flatMap((section) => [
      '',
      `## ${escaped(section.title)}`,
      ...section.blocks.flatMap((block) => ['', ...blockLines(block, incident, chart)]),
    ]),
  ];
  return `${lines.join('\n').replaceAll(/\n{3,}/g, '\n\n')}\n`;
}

function blockLines(block: Block, incident: Incident, chart: string | null): readonly string[] {
  switch (block.kind) {
    case 'paragraph':
      return [opening(inlines(block.text))];
    case 'list':
      return block.items.map((item) => `- ${opening(inlines(item))}`);
    case 'checks':
      return block.items.map(({ done, text }) => `- [${done ? 'x' : ' '}] ${inlines(text)}`);
    case 'timeline':
      return block.entries.map(
        ({ time, actor, text }) => `- ${time}: ${inlines(text)}${actor === '' ? '' : ` (${escaped(actor)})`}`,
      );
    case 'table':
      return [
        `| ${block.columns.map(({ title }) => escaped(title)).join(' | ')} |`,
        `| ${block.columns.map(({ side }) => (side === 'right' ? '---:' : '---')).join(' | ')} |`,
        ...block.rows.map((row) => `| ${row.map((cell) => inlines(cell).replaceAll(/(?<!\\)\|/g, '\\|')).join(' | ')} |`),
      ];
    case 'note':
      return [
        ...block.text.split(/\r\n|\r|\n/).map((line) => `> ${opening(escaped(line.trimStart()))}\\`),
        `> — ${escaped(block.by)}`,
      ];
    case 'chart':
      return [
        ...(chart === null
          ? []
          : [`![Error rate and traffic over time](<${chart.replaceAll(/[<>\\\n\r]/g, encodeURIComponent)}>)`, '']),
        ...sparklineTable(incident),
      ];
  }
}

function sparklineTable(incident: Incident): readonly string[] {
  const rows = incidentSparklines(incident);
  return rows.length === 0
    ? []
    : ['| over time | |', '| --- | --- |', ...rows.map(({ name, line }) => `| ${escaped(name)} | \`${line}\` |`)];
}

function inlines(text: Text): string {
  return text.map(inline).join('').trim();
}

function inline(part: Inline): string {
  if (typeof part === 'string') return escaped(part);
  if ('blank' in part) return `_${blankText}_`;
  const shown = visible(part.code, { unicode: true });
  const fence = '`'.repeat(Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  const pad = /^[` ]|[` ]$/.test(shown) ? ' ' : '';
  return shown === '' ? '' : `${fence}${pad}${shown}${pad}${fence}`;
}

/** Signs that mean something anywhere in a line, and `@`, which would call somebody. */
function escaped(text: string): string {
  return visible(text, { unicode: true })
    .replaceAll(/[\\`*_[\]<>|~$&]/g, (sign) =>
      sign === '&' ? '&amp;' : sign === '<' ? '&lt;' : sign === '>' ? '&gt;' : `\\${sign}`,
    )
    .replaceAll(/(?<!\w)@/g, '@<!-- -->');
}

/** The beginning of a line, which must not begin a list, a heading, a rule or code. */
function opening(text: string): string {
  return text
    .trimStart()
    .replace(/^([#+=-])/, '\\$1')
    .replace(/^(\d+)([.)])(?=\s|$)/, '$1\\$2');
}
