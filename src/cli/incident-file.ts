import { writeFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { fail } from '../model/errors.ts';
import type { Incident } from '../record/incident-view.ts';
import { chartSvg } from '../report/chart.ts';
import { incidentChart } from '../report/incident-chart.ts';
import { incidentHtml } from '../report/incident-html.ts';
import { incidentDocument } from '../report/incident-json.ts';
import { incidentMarkdown } from '../report/incident-markdown.ts';

const formats = ['md', 'json', 'html'] as const;
export type IncidentFormat = (typeof formats)[number];

const formatOfExtension: Readonly<Record<string, IncidentFormat>> = { '.json': 'json', '.html': 'html', '.htm': 'html' };

/** The format that was asked for, else the one that the name of the file says, else Markdown. Fails with usage. */
export function incidentFormat(asked: string | null, file: string | null): IncidentFormat {
  if (asked === null) return formatOfExtension[extname(file ?? '').toLowerCase()] ?? 'md';
  return (
    formats.find((format) => format === asked) ??
    fail({
      code: 'usage',
      what: `--format ${asked}`,
      why: 'md, json and html are known',
      touched: 'no',
      next: 'sofare incident export N --format md',
    })
  );
}

/** The report in one format. `chart`: the file beside it that holds the chart, as a Markdown report names it. */
export function renderedIncident(incident: Incident, format: IncidentFormat, chart: string | null): string {
  switch (format) {
    case 'md':
      return incidentMarkdown(incident, { chart: chart === null ? null : basename(chart) });
    case 'json':
      return incidentDocument(incident);
    case 'html':
      return incidentHtml(incident);
  }
}

/** Writes the report and, beside a Markdown report, its chart. Gives the name of the chart's file. Fails with usage. */
export function writeIncident(incident: Incident, format: IncidentFormat, file: string): string | null {
  const chart = format === 'md' ? chartBeside(file) : null;
  write(file, renderedIncident(incident, format, chart));
  if (chart !== null) write(chart, chartSvg(incidentChart(incident), { alone: true }));
  return chart;
}

/** Never the report's own name, whatever that is. */
function chartBeside(file: string): string {
  const extension = extname(file);
  return `${extension.toLowerCase() === '.svg' ? file : file.slice(0, file.length - extension.length)}.svg`;
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    fail(
      {
        code: 'usage',
        what: `${file} cannot be written`,
        why,
        touched: 'no',
        next: 'name another file with --out, or leave it out to read the report on stdout',
      },
      error,
    );
  }
}
