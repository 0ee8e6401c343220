import { type Kysely, sql } from 'kysely';

/** Each runs once, in order, inside one transaction. Never edited after a release: a change is a new one at the end. */
export const migrations: readonly ((database: Kysely<never>, dialect: Dialect) => Promise<void>)[] = [
  first,
  leases,
  tasksByService,
];

export interface Dialect {
  /** Column type of a key that counts up by itself. */
  readonly counter: string;
}

/** Until when an owner on another machine is believed to live. Null where every owner can be looked at. */
async function leases(database: Kysely<never>): Promise<void> {
  await sql`alter table operations add column lease_until bigint`.execute(database);
  await sql`alter table tasks add column lease_until bigint`.execute(database);
}

/** Each service asks for its own tasks at every operation; without this the tasks of all others would be read too. */
async function tasksByService(database: Kysely<never>): Promise<void> {
  await sql`create index tasks_by_service on tasks (service, due)`.execute(database);
}

async function first(database: Kysely<never>, dialect: Dialect): Promise<void> {
  const counter = sql.raw(dialect.counter);
  const statements = [
    sql`create table versions (
      model text not null, version text not null, status text not null, bundle text not null, bundle_digest text not null,
      details text not null, created_at bigint not null, released_at bigint, deprecated_at bigint, checksum text not null,
      primary key (model, version))`,
    sql`create index versions_by_time on versions (model, created_at)`,
    sql`create table services (
      service text primary key, model text not null, pointer text, pointed_at bigint, fence bigint not null, hold text,
      shares text not null default '{}')`,
    sql`create table history (
      sequence ${counter}, service text not null, at bigint not null, kind text not null, version text, share double precision,
      requests bigint, operation text, source text not null, actor text not null, reason text not null,
      evidence text, checksum text not null)`,
    sql`create index history_by_service on history (service, sequence)`,
    sql`create index history_by_kind on history (service, kind, sequence)`,
    sql`create index history_by_version on history (service, version, kind, sequence)`,
    sql`create table operations (
      id text primary key, service text not null, kind text not null, state text not null, from_version text, to_version text not null,
      fence bigint not null, owner text, actor text not null, reason text not null, created_at bigint not null, ended_at bigint)`,
    // One operation holds the lane of a service: the database itself says no to a second.
    sql`create unique index operations_lane on operations (service) where state in ('running', 'open', 'stuck')`,
    sql`create index operations_by_service on operations (service, created_at)`,
    sql`create table journal (
      sequence ${counter}, operation text not null, at bigint not null, kind text not null, data text not null, checksum text not null)`,
    sql`create index journal_by_operation on journal (operation, sequence)`,
    sql`create table tasks (
      id ${counter}, service text not null, kind text not null, data text not null, due bigint not null, attempts bigint not null, owner text)`,
    sql`create index tasks_by_due on tasks (due)`,
    sql`create table incidents (number ${counter}, service text not null, operation text not null unique, opened_at bigint not null)`,
    sql`create table incident_notes (
      sequence ${counter}, incident bigint not null, at bigint not null, section text not null, text text not null, actor text not null)`,
  ];
  for (const statement of statements) await statement.execute(database);
}
