import { exit, type ExitCode, fail } from '../../model/errors.ts';
import { readIncident } from '../../record/incident.ts';
import { requireIncidentRow } from '../../record/incident-name.ts';
import { listIncidents } from '../../record/list.ts';
import { addNote, requireSection } from '../../record/notes.ts';
import { nearest } from '../../registry/nearest.ts';
import { readService } from '../../registry/services.ts';
import { incidentDocument } from '../../report/incident-json.ts';
import { incidentsDocument, incidentsText } from '../../report/incident-list.ts';
import { incidentText } from '../../report/incident-text.ts';
import type { Readable } from '../../store/store.ts';
import { listOf, textOf } from '../arguments.ts';
import { incidentFormat, renderedIncident, writeIncident } from '../incident-file.ts';
import type { Run } from '../definition.ts';
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
      nothingMore(rest, 'list [SERVICE]');
      if (number !== undefined) await requireKnown(sessions.each, store.read, number);
      const incidents = await listIncidents(store.read, number ?? null, shown);
      screen.show(
        () => incidentsDocument(incidents),
        (paper) => incidentsText(incidents, paper),
      );
      return exit.done;
    }
    case 'show': {
      nothingMore(rest, 'show [N]');
      const incident = await readIncident(store.read, number ?? (await newest(store.read, 'show')));
      screen.show(
        () => incidentDocument(incident),
        (paper) => incidentText(incident, paper),
      );
      return exit.done;
    }
    case 'note': {
      const section = requireSection(textOf(options['section']) ?? 'timeline');
      const row = await requireIncidentRow(store.read, number ?? missing('note'));
      await store.transaction('note', (transaction, at) =>
        addNote(transaction, row.number, { at, section, text: rest.join(' '), actor: terminal.actor }),
      );
      screen.said(
        { schema: 'sofare/incident-note@1', incident: row.number, section, actor: terminal.actor },
        `the note stands in INC-${row.number} under ${section}`,
      );
      return exit.done;
    }
    case 'export': {
      nothingMore(rest, 'export [N]');
      const file = textOf(options['out']);
      const format = incidentFormat(textOf(options['format']), file);
      const incident = await readIncident(store.read, number ?? (await newest(store.read, 'export')));
      if (file === null) {
        terminal.write(renderedIncident(incident, format, null));
        return exit.done;
      }
      const chart = writeIncident(incident, format, file);
      screen.said(
        { schema: 'sofare/incident-export@1', incident: incident.number, format, file, chart },
        `INC-${incident.number} is in ${file}${chart === null ? '' : `, its chart in ${chart}`}`,
      );
      return exit.done;
    }
    default:
      return fail({
        code: 'usage',
        what: `there is no incident ${String(action)}`,
        why: 'list, show, note and export are known',
        touched: 'no',
        next: 'sofare incident list',
      });
  }
};

/** A misspelt service must not read as one that had no incident. */
async function requireKnown(sessions: readonly Session[], database: Readable, service: string): Promise<void> {
  const names = sessions.map(({ engine }) => engine.service.name);
  if (names.includes(service) || (await readService(database, service))) return;
  const like = nearest(names, service);
  fail({
    code: 'service.unknown',
    what: `there is no service ${service}`,
    why: like.length > 0 ? `the nearest is ${like[0]}` : 'neither the configuration nor the registry names it',
    touched: 'no',
    next: 'sofare incident list',
  });
}

/** A word that would be ignored may be the one that was meant. */
function nothingMore(words: readonly string[], usage: string): void {
  if (words.length > 0)
    fail({
      code: 'usage',
      what: `${words.join(' ')} is too much`,
      why: `it is sofare incident ${usage}`,
      touched: 'no',
      next: `sofare incident ${usage}`,
    });
}

/** The one that somebody who does not know its number most likely means. */
async function newest(database: Readable, action: string): Promise<string> {
  const [incident] = await listIncidents(database, null, 1);
  return incident?.name ?? missing(action);
}

function missing(action: string): never {
  return fail({
    code: 'usage',
    what: 'which incident?',
    why: 'its number is missing',
    touched: 'no',
    next: `sofare incident list, then sofare incident ${action} N`,
  });
}

function noService(): Session {
  return fail({
    code: 'config.invalid',
    what: 'no service is configured',
    why: 'there is no registry to read',
    touched: 'no',
    next: 'sofare config print',
  });
}
