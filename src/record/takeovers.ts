import { nextState, type OperationState } from '../model/operation.ts';
import type { JournalRow } from '../execute/journal.ts';

/** Another process went on with an operation. */
export interface Takeover {
  readonly at: number;
  readonly owner: Owner;
  readonly before: Owner;
  readonly because: string;
  /** interrupted: the process before it was gone in the middle. waiting: nobody ran it, or it was parked. */
  readonly after: 'interrupted' | 'waiting';
  /** From the last entry of the journal before. */
  readonly silent: number;
}

export interface Owner {
  readonly host: string;
  readonly process: string;
}

/** Claims by a second owner, in the order of the journal. */
export function takeoversOf(journal: readonly JournalRow[]): readonly Takeover[] {
  const found: Takeover[] = [];
  let state: OperationState | null = null;
  let owner = '';
  let last = 0;
  for (const { at, event } of journal) {
    if (event.kind === 'created') owner = event.owner;
    if (event.kind === 'claimed') {
      if (event.owner !== owner) {
        found.push({
          at,
          owner: ownerOf(event.owner),
          before: ownerOf(owner),
          because: event.because,
          after: state === 'running' ? 'interrupted' : 'waiting',
          silent: Math.max(0, at - last),
        });
      }
      owner = event.owner;
    }
    state = nextState(state, event) ?? state;
    last = at;
  }
  return found;
}

/** `host/boot/pid/start`, see ports/processes. */
export function ownerOf(text: string): Owner {
  const [host = '', , process = ''] = text.split('/');
  return { host, process };
}
