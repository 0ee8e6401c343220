import { join } from 'node:path';
import type { Configuration } from '../configure/configuration.ts';
import { fail } from '../model/errors.ts';
import { openRows } from './open-rows.ts';
import type { Terminal } from './terminal.ts';

/** The service that an operation is of, by its name alone. */
export async function serviceOf(terminal: Terminal, configuration: Configuration, operation: string): Promise<string> {
  return (
    (await serviceInJournal(terminal, configuration, operation)) ??
    (await serviceInRecords(terminal, configuration, operation)) ??
    fail({
      code: 'operation.unknown',
      what: `there is no operation ${operation}`,
      why: `neither the journal in ${configuration.state} nor a record beside what serves has one of that name`,
      touched: 'no',
      next: 'sofare history',
    })
  );
}

async function serviceInJournal(
  terminal: Terminal,
  { state, database }: Configuration,
  operation: string,
): Promise<string | null> {
  const { store } = await openRows(terminal, join(state, 'registry'), database, true);
  try {
    const row = await store.read.selectFrom('operations').select('service').where('id', '=', operation).executeTakeFirst();
    return row?.service ?? null;
  } finally {
    await store.close();
  }
}

/** Another database may have begun it: then the record tells of it, and it is taken up from there. */
async function serviceInRecords(terminal: Terminal, configuration: Configuration, operation: string): Promise<string | null> {
  const { reachHost } = await import('./reach-host.ts');
  const host = await reachHost(terminal, configuration, false);
  if (!host) return null;
  try {
    for (const name of Object.keys(configuration.services)) {
      const { value } = await host.client.record(name, terminal.interrupted);
      if (value?.operation?.id === operation) return name;
    }
    return null;
  } finally {
    host.client.close();
  }
}
