import { readOperation } from '../execute/read.ts';
import type { Readable } from '../store/store.ts';
import { incidentName, incidentRow } from './incident-name.ts';
import type { IncidentKind, IncidentState } from './incident-view.ts';
import { incidentState } from './milestones.ts';
import { isUndecided, sidesOf } from './story.ts';

/** One line of the list. */
export interface IncidentSummary {
  readonly number: number;
  readonly name: string;
  readonly service: string;
  readonly kind: IncidentKind;
  readonly state: IncidentState;
  readonly openedAt: number;
  readonly endedAt: number | null;
  readonly from: string;
  readonly to: string | null;
  readonly operation: string;
  readonly actor: string;
  readonly reason: string;
  readonly notes: number;
}

/** Newest first; of all services where none is named. */
export async function listIncidents(
  database: Readable,
  service: string | null,
  limit: number,
): Promise<readonly IncidentSummary[]> {
  let query = database
    .selectFrom('incidents')
    .selectAll('incidents')
    .select((build) =>
      build
        .selectFrom('incident_notes')
        .whereRef('incident_notes.incident', '=', 'incidents.number')
        .select((inner) => inner.fn.countAll<number>().as('notes'))
        .as('notes'),
    )
    .orderBy('number', 'desc')
    .limit(limit);
  if (service !== null) query = query.where('service', '=', service);
  const found = await Promise.all((await query.execute()).map((row) => summaryOf(database, row)));
  return found.flatMap((summary) => summary ?? []);
}

type Row = Parameters<typeof incidentRow>[0] & { readonly notes: number | null };

async function summaryOf(database: Readable, row: Row): Promise<IncidentSummary | null> {
  const { number, service, openedAt } = incidentRow(row);
  const operation = await readOperation(database, row.operation);
  if (!operation) return null;
  const { id, actor, reason, endedAt } = operation;
  const { bad, good } = sidesOf({ operation });
  const kind = isUndecided({ operation }) ? 'undecided' : 'taken-back';
  return {
    number,
    name: incidentName(number),
    service,
    kind,
    state: incidentState(operation),
    openedAt,
    endedAt,
    from: bad,
    to: good,
    operation: id,
    actor,
    reason,
    notes: Number(row.notes ?? 0),
  };
}
