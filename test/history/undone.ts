import type { JournalRow } from '../../src/execute/journal.ts';
import type { Operation } from '../../src/model/operation.ts';
import type { Told } from './answer.ts';

/** An operation with its journal, as the registry keeps them. */
export interface Kept {
  readonly operation: Operation;
  readonly journal: readonly JournalRow[];
}

/**
 * Changes of an operator that were undone without being named: an operation that was pushed aside by one whose plan does not name it
 * or whose caller was not told; or one that began from another version than the last one had left.
 */
export function undoneUnnamed(kept: readonly Kept[], told: readonly Told[]): readonly string[] {
  const byId = new Map(kept.map(({ operation }) => [operation.id, operation]));
  const found: string[] = [];
  for (const { operation, journal } of kept) {
    const { id, supersededBy, state } = operation;
    if (state !== 'superseded') continue;
    const by = supersededBy === null ? undefined : byId.get(supersededBy);
    if (by?.plan.planned.operation !== id) found.push(`${id} was pushed aside by ${supersededBy}, whose plan does not name it`);
    if (!journal.some(({ event }) => event.kind === 'superseded' && event.by === supersededBy))
      found.push(`the journal of ${id} does not say who pushed it aside`);
    for (const { name, exit, answer } of told) {
      if (answer.kind !== 'ran' || answer.operation.id !== id) continue;
      // An open deploy was answered when it opened; only who still waited can be told.
      if (answer.operation.state === 'superseded' && (answer.by === null || ![0, 8, 9, 12].includes(exit ?? -1)))
        found.push(`${name} was pushed aside and told exit ${exit} by ${answer.by?.id}`);
    }
  }
  return [...found, ...unseen(kept)];
}

/** Each change begins from what the one before it left. */
function unseen(kept: readonly Kept[]): readonly string[] {
  const ended = kept.map(({ operation }) => operation).sort((one, other) => one.fence - other.fence);
  let serving: string | null = null;
  return ended.flatMap((operation) => {
    const { plan, id, state } = operation;
    const from = plan.kind === 'rollback' || plan.kind === 'deploy' ? plan.from : null;
    const pushed = plan.planned.operation !== null;
    const blind = serving !== null && from !== null && !pushed && from !== serving;
    const line = blind ? [`${id} began from ${from}, and ${serving} served`] : [];
    if (state === 'completed') serving = plan.to;
    return line;
  });
}
