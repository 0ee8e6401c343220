import { readFileSync } from 'node:fs';
import type { JournalRow } from '../../execute/journal.ts';
import type { Operation } from '../../model/operation.ts';

/** One line of the load generator's ledger. */
export interface LedgerLine {
  readonly id: string;
  readonly sent: number;
  readonly done: number;
  readonly status: number | null;
  readonly version: string | null;
}

/** The times of the story, in ms; null for what did not come to pass. */
export interface Times {
  readonly detected: number | null;
  readonly decidedToSafe: number | null;
  readonly safeToVerified: number | null;
}

export function readLedger(file: string): readonly LedgerLine[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"id"'))
    .map((line) => JSON.parse(line) as LedgerLine);
}

/** From the canary's first answer to the decision, from there to safe traffic, from there to the confirmed end: by journal and ledger. */
export function timesOf(
  deploy: readonly JournalRow[],
  decisive: Operation,
  journal: readonly JournalRow[],
  ledger: readonly LedgerLine[],
): Times {
  const canary = decisive.kind === 'abort' ? decisive.plan.from : decisive.plan.to;
  const answers = ledger.filter(({ version, status }) => version === canary && status !== null).map(({ done }) => done);
  const first = answers.length === 0 ? null : Math.min(...answers);
  const decided = decidedAt(deploy);
  const route = decisive.plan.steps.findLastIndex(({ kind }) => kind === 'route');
  const safe = journal.find(({ event }) => event.kind === 'step-done' && event.step === route)?.at ?? null;
  const verified = decisive.verified === true ? decisive.endedAt : null;
  const between = (from: number | null, to: number | null): number | null =>
    from === null || to === null ? null : Math.max(0, Math.round(to - from));
  return { detected: between(first, decided), decidedToSafe: between(decided, safe), safeToVerified: between(safe, verified) };
}

/** A verdict, or the end of the last watch, which is a pass. */
function decidedAt(deploy: readonly JournalRow[]): number | null {
  const verdict = deploy.find(({ event }) => event.kind === 'decided');
  if (verdict) return verdict.at;
  const plan = deploy.find(({ event }) => event.kind === 'created')?.event;
  if (plan?.kind !== 'created') return null;
  const watched = plan.plan.steps.findLastIndex(({ kind }) => kind === 'bake');
  return deploy.find(({ event }) => event.kind === 'step-done' && event.step === watched)?.at ?? null;
}
