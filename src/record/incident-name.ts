import { fail } from '../model/errors.ts';
import type { Readable } from '../store/store.ts';
import type { IncidentsTable } from '../store/tables.ts';

export interface IncidentRow {
  readonly number: number;
  readonly service: string;
  readonly operation: string;
  readonly openedAt: number;
}

export function incidentName(number: number): string {
  return `INC-${number}`;
}

/** `INC-12`, `inc-12` or `12`; null for anything else. */
export function incidentNumber(text: string): number | null {
  const found = /^(?:inc-)?([1-9]\d{0,14})$/i.exec(text.trim());
  return found ? Number(found[1]) : null;
}

/** Fails with incident.unknown, which names the newest one. */
export async function requireIncidentRow(database: Readable, text: string): Promise<IncidentRow> {
  const number = incidentNumber(text);
  const row =
    number === null
      ? undefined
      : await database.selectFrom('incidents').selectAll().where('number', '=', number).executeTakeFirst();
  if (row) return incidentRow(row as IncidentsRow);
  const newest = await database.selectFrom('incidents').select('number').orderBy('number', 'desc').limit(1).executeTakeFirst();
  return fail({
    code: 'incident.unknown',
    what: `there is no incident ${text}`,
    why: newest ? `the newest is ${incidentName(Number(newest.number))}` : 'no rollback has opened one yet',
    touched: 'no',
    next: 'sofare incident list',
  });
}

type IncidentsRow = Omit<IncidentsTable, 'number'> & { readonly number: number };

export function incidentRow({ number, service, operation, opened_at }: IncidentsRow): IncidentRow {
  return { number, service, operation, openedAt: opened_at };
}
