import { createHash } from 'node:crypto';
import type { Incident } from '../record/incident-view.ts';
import { chartSvg } from './chart.ts';
import { chartStyle } from './chart-style.ts';
import { incidentChart } from './incident-chart.ts';
import { xml } from './incident-escape.ts';
import { incidentStyle } from './incident-style.ts';
import { type Block, blankText, type Inline, pageOf, type Text } from './incident-page.ts';

const style = `${incidentStyle}${chartStyle}`;
/** Nothing may be loaded or run; only this very style applies. */
const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'`;

/** The report as one page that needs nothing else: no script, no request, light or dark as its reader has it, and to be printed. */
export function incidentHtml(incident: Incident): string {
  const { title, facts, sections } = pageOf(incident);
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${xml(incident.name)}: ${xml(incident.service)} ${xml(incident.from)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    '<main>',
    `<h1>${xml(title)}</h1>`,
    `<dl>${facts.map(({ name, text }) => `<dt>${xml(name)}</dt><dd>${inlines(text)}</dd>`).join('')}</dl>`,
    ...sections.map(
      (section) =>
        `<section><h2>${xml(section.title)}</h2>\n${section.blocks.map((block) => blockHtml(block, incident)).join('\n')}\n</section>`,
    ),
    '</main>',
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function blockHtml(block: Block, incident: Incident): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p>${inlines(block.text)}</p>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${inlines(item)}</li>`).join('')}</ul>`;
    case 'checks':
      return `<ul class="checks">${block.items.map(({ done, text }) => `<li class="${done ? 'done' : 'due'}"><span class="box" role="img" aria-label="${done ? 'done' : 'to do'}">${done ? '☑' : '☐'}</span> ${inlines(text)}</li>`).join('')}</ul>`;
    case 'timeline':
      return `<table class="timeline"><tbody>${block.entries.map(({ time, actor, text }) => `<tr><th scope="row">${xml(time)}</th><td>${inlines(text)}</td><td class="actor">${xml(actor)}</td></tr>`).join('')}</tbody></table>`;
    case 'table':
      return tableHtml(block);
    case 'note':
      return `<blockquote>${block.text
        .split(/\r\n|\r|\n/)
        .map((line) => xml(line))
        .join('<br>')}<footer>${xml(block.by)}</footer></blockquote>`;
    case 'chart':
      return `<figure>${chartSvg(incidentChart(incident), { alone: false })}</figure>`;
  }
}

function tableHtml({ columns, rows }: Extract<Block, { kind: 'table' }>): string {
  const side = (column: number): string => (columns[column]?.side === 'right' ? ' class="number"' : '');
  const head = columns.map(({ title }, column) => `<th scope="col"${side(column)}>${xml(title)}</th>`).join('');
  const body = rows
    .map((row) => `<tr>${row.map((cell, column) => `<td${side(column)}>${inlines(cell)}</td>`).join('')}</tr>`)
    .join('');
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

function inlines(text: Text): string {
  return text.map(inline).join('');
}

function inline(part: Inline): string {
  if (typeof part === 'string') return xml(part);
  return 'blank' in part ? `<em class="blank">${blankText}</em>` : `<code>${xml(part.code)}</code>`;
}
