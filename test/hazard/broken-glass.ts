import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Local } from '../fixtures/local.ts';

/** 1.1.0 and then 1.2.0 in production, on a local host that nobody goes on for. */
export async function inProduction(): Promise<Local> {
  const local = new Local();
  await local.must(0, 'up', '--unsupervised');
  for (const version of ['1.1.0', '1.2.0']) {
    await local.must(0, 'register', version, local.model(version));
    await local.must(0, 'deploy', version, '-y');
  }
  return local;
}

export function registryOf(local: Local): string {
  return join(local.directory, '.sofare', 'registry');
}

/** Something that is no database lies where the registry's was. Returns how to put that back. */
export function breakRegistry(local: Local): () => void {
  const database = join(registryOf(local), 'sofare.db');
  const aside = `${registryOf(local)}-aside`;
  const files = ['', '-wal', '-shm'].filter((end) => existsSync(`${database}${end}`));
  for (const end of files) {
    renameSync(`${database}${end}`, `${aside}${end}`);
  }
  writeFileSync(database, 'no database at all, but bytes all the same '.repeat(100));
  return () => {
    for (const end of ['', '-wal', '-shm']) rmSync(`${database}${end}`, { force: true });
    for (const end of files) renameSync(`${aside}${end}`, `${database}${end}`);
  };
}

/** The registry as it is now, to be put back later: a backup that somebody restores. */
export function snapshot(local: Local): () => void {
  const database = join(registryOf(local), 'sofare.db');
  const kept = `${registryOf(local)}-kept.db`;
  const open = new DatabaseSync(database);
  open.exec('pragma wal_checkpoint(truncate)');
  open.close();
  cpSync(database, kept);
  return () => {
    for (const end of ['-wal', '-shm']) rmSync(`${database}${end}`, { force: true });
    cpSync(kept, database);
  };
}

/** Changes one bit of every page but the first, where rows lie. */
export function flipBits(local: Local): void {
  const database = join(registryOf(local), 'sofare.db');
  const open = new DatabaseSync(database);
  open.exec('pragma wal_checkpoint(truncate)');
  open.close();
  const bytes = readFileSync(database);
  for (let page = 1; page * 4096 < bytes.length; page += 1) {
    const at = page * 4096 + 4000;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
  }
  writeFileSync(database, bytes);
}

/** The rows of the registry that an import writes, each as a text. */
export function rowsOf(local: Local) {
  const open = new DatabaseSync(join(registryOf(local), 'sofare.db'), { readOnly: true });
  try {
    const all = (query: string) => open.prepare(query).all() as readonly Record<string, string>[];
    const imported = all(
      `select distinct o.kind from history h join operations o on o.id = h.operation where h.source = 'imported'`,
    );
    return {
      operations: all('select id, kind, state from operations'),
      journal: all('select checksum from journal').map(({ checksum }) => checksum),
      events: all('select operation, kind from journal order by sequence'),
      history: all('select at, kind, version, share, operation from history').map((row) => JSON.stringify(row)),
      imported: imported.map(({ kind }) => kind),
      incidents: all('select number from incidents').length,
      fence: all('select fence from services')[0]?.['fence'],
    };
  } finally {
    open.close();
  }
}

/** What registry and reality say, once a changing command has looked at both. */
export async function agreed(local: Local): Promise<unknown> {
  await local.must(0, 'resume', '--due');
  const { pointer, operation, differences, serving, hold, quarantined } = await local.service();
  return {
    pointer,
    operation,
    differences,
    held: hold !== null,
    quarantined: quarantined.map(({ version }: { version: string }) => version),
    full: serving.find(({ share }: { share: number }) => share === 100)?.version,
  };
}

export const takenBack = {
  pointer: '1.1.0',
  operation: null,
  differences: [],
  held: true,
  quarantined: ['1.2.0'],
  full: '1.1.0',
};
