import { writeFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { exit, type ExitCode, fail } from '../../model/errors.ts';
import { readIncident } from '../../record/incident.ts';
import { requireIncidentRow } from '../../record/incident-name.ts';
import type { Incident } from '../../record/incident-view.ts';
import { listIncidents } from '../../record/list.ts';
import { addNote, requireSection } from '../../record/notes.ts';
import { chartSvg } from '../../report/chart.ts';
import { incidentChart } from '../../report/incident-chart.ts';
import { incidentHtml } from '../../report/incident-html.ts';
import { incidentDocument } from '../../report/incident-json.ts';
import { incidentsDocument, incidentsText } from '../../report/incident-list.ts';
import { incidentMarkdown } from '../../report/incident-markdown.ts';
import { incidentText } from '../../report/incident-text.ts';
import { listOf, textOf } from '../arguments.ts';
import type { Run } from '../program.ts';
import { screenFor } from '../screen.ts';
import { openAll, type Purpose, type Session } from '../session.ts';

const shown = 50;

export const run: Run = async (terminal, globals, [action, words], options): Promise<ExitCode> => {
  const [number, ...rest] = listOf(words);
  const purpose: Purpose = action === 'note' ? 'register' : 'registry';
  const screen = screenFor(terminal, globals);
  await using sessions = await openAll(terminal, globals, { purpose });
  // All services of a state directory share one registry, so any of them opens it.
  const store = (sessions.each[0] ?? noService()).engine.store;
  switch (action) {
    case 'list': {
      const incidents = await listIncidents(store.read, number ?? null, shown);
      screen.show(() => incidentsDocument(incidents), (paper) => incidentsText(incidents, paper));
      return exit.done;
    }
    case 'show': {
      const incident = await readIncident(store.read, number ?? missing('show'));
      screen.show(() => incidentDocument(incident), (paper) => incidentText(incident, paper));
      return exit.done;
    }
    case 'note': {
      const section = requireSection(textOf(options['section']) ?? 'timeline');
      const row = await requireIncidentRow(store.read, number ?? missing('note'));
      await store.transaction('note', (transaction) => addNote(transaction, row.number, { at: store.now(), section, text: rest.join(' '), actor: terminal.actor }));
      screen.said({ schema: 'sofare/incident-note@1', incident: row.number, section, actor: terminal.actor }, `the note stands in INC-${row.number} under ${section}`);
      return exit.done;
    }
    case 'export': {
      const incident = await readIncident(store.read, number ?? missing('export'));
      const written = exported(incident, textOf(options['format']) ?? 'md', textOf(options['out']));
      if (written.file === null) terminal.write(written.text);
      else screen.said({ schema: 'sofare/incident-export@1', incident: incident.number, file: written.file }, `INC-${incident.number} is in ${written.file}`);
      return exit.done;
    }
    default:
      return fail({ code: 'usage', what: `there is no incident ${String(action)}`, why: 'list, show, note and export are known', touched: 'no', next: 'sofare incident list' });
  }
};

/** As text, or in a file; beside a Markdown file lies its chart. */
function exported(incident: Incident, format: string, file: string | null): { readonly text: string; readonly file: string | null } {
  const chart = file !== null && format === 'md' ? `${file.slice(0, file.length - extname(file).length)}.svg` : null;
  const text = rendered(incident, format, chart);
  if (file !== null) writeFileSync(file, text);
  if (chart !== null) writeFileSync(chart, chartSvg(incidentChart(incident), { alone: true }));
  return { text, file };
}

function rendered(incident: Incident, format: string, chart: string | null): string {
  switch (format) {
    case 'md':
      return incidentMarkdown(incident, { chart: chart === null ? null : basename(chart) });
    case 'json':
      return incidentDocument(incident);
    case 'html':
      return incidentHtml(incident);
    default:
      return fail({ code: 'usage', what: `--format ${format}`, why: 'md, json and html are known', touched: 'no', next: 'sofare incident export N --format md' });
  }
}

function missing(action: string): never {
  return fail({ code: 'usage', what: 'which incident?', why: 'its number is missing', touched: 'no', next: `sofare incident list, then sofare incident ${action} N` });
}

function noService(): Session {
  return fail({ code: 'config.invalid', what: 'no service is configured', why: 'there is no registry to read', touched: 'no', next: 'sofare config print' });
}
