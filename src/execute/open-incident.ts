import type { Transacted } from '../store/store.ts';

/** Opens the incident of an operation, once. What is in it is read from the journal, so there is nothing to write but that it is one. */
export async function openIncident(transaction: Transacted, service: string, operation: string, at: number): Promise<void> {
  await transaction
    .insertInto('incidents')
    .values({ service, operation, opened_at: at })
    .onConflict((conflict) => conflict.column('operation').doNothing())
    .execute();
}
