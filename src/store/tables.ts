import type { Generated } from 'kysely';

/** The SQL state. Times are milliseconds since the epoch by `sofare_now()`; JSON is text; truth is 0 or 1: the same on every dialect. */
export interface Tables {
  versions: VersionsTable;
  services: ServicesTable;
  history: HistoryTable;
  operations: OperationsTable;
  journal: JournalTable;
  tasks: TasksTable;
  incidents: IncidentsTable;
  incident_notes: IncidentNotesTable;
}

export interface VersionsTable {
  model: string;
  version: string;
  status: string;
  bundle: string;
  bundle_digest: string;
  details: string;
  created_at: number;
  released_at: number | null;
  deprecated_at: number | null;
  /** Over everything above; verified on every read. */
  checksum: string;
}

export interface ServicesTable {
  service: string;
  model: string;
  pointer: string | null;
  pointed_at: number | null;
  /** Never reset. A claim raises it. */
  fence: number;
  hold: string | null;
  /** Weights as the history last had them, so that the next change need not read the history. */
  shares: Generated<string>;
}

export interface HistoryTable {
  sequence: Generated<number>;
  service: string;
  at: number;
  kind: string;
  version: string | null;
  share: number | null;
  requests: number | null;
  operation: string | null;
  source: string;
  actor: string;
  reason: string;
  evidence: string | null;
  checksum: string;
}

export interface OperationsTable {
  id: string;
  service: string;
  kind: string;
  state: string;
  from_version: string | null;
  to_version: string;
  fence: number;
  owner: string | null;
  actor: string;
  reason: string;
  created_at: number;
  ended_at: number | null;
  /** By the database's time. */
  lease_until: Generated<number | null>;
}

export interface JournalTable {
  sequence: Generated<number>;
  operation: string;
  at: number;
  kind: string;
  data: string;
  checksum: string;
}

export interface TasksTable {
  id: Generated<number>;
  service: string;
  kind: string;
  data: string;
  due: number;
  attempts: number;
  owner: string | null;
  lease_until: Generated<number | null>;
}

export interface IncidentsTable {
  number: Generated<number>;
  service: string;
  operation: string;
  opened_at: number;
}

export interface IncidentNotesTable {
  sequence: Generated<number>;
  incident: number;
  at: number;
  section: string;
  text: string;
  actor: string;
}
