import type { Told, ToldOperation } from './answer.ts';
import type { Call, Deed } from './linearizable.ts';
import type { ServiceState } from './service-state.ts';

type Act = Deed<ServiceState>;

const sees = (name: string, seen: (state: ServiceState) => boolean): Act => ({
  name,
  happens: (state) => (seen(state) ? state : null),
});
const does = (name: string, change: (state: ServiceState) => ServiceState): Act => ({ name, happens: change });

/** What a command did, as far as its answer tells: the instants at which it must have happened, in order. */
export function callOf(told: Told): Call<ServiceState> {
  return { name: told.name, began: told.began, ended: told.ended, deeds: deedsOf(told) };
}

function deedsOf(told: Told): readonly Act[] {
  const { answer, words, name } = told;
  switch (answer.kind) {
    case 'read':
      return [sees(`the pointer is ${answer.version}`, ({ pointer }) => pointer === answer.version)];
    case 'marked':
      return [mark(words)];
    case 'refused':
      return refused(told, answer.code, name);
    case 'nothing':
      return nothing(words, answer.operation);
    case 'ran':
      return began(told, answer.operation) ? ran(words, answer.operation) : joined(answer.operation);
  }
}

function mark([verb = '', version = '']: readonly string[]): Act {
  switch (verb) {
    case 'hold':
      return does('held', (state) => ({ ...state, held: true }));
    case 'unhold':
      return does('held no longer', (state) => ({ ...state, held: false }));
    case 'quarantine':
      return does(`${version} quarantined`, (state) => quarantine(state, version));
    default:
      return does(`${version} quarantined no longer`, (state) => ({
        ...state,
        quarantined: state.quarantined.filter((each) => each !== version),
      }));
  }
}

function quarantine(state: ServiceState, version: string): ServiceState {
  return { ...state, quarantined: [...new Set([...state.quarantined, version])].sort() };
}

/** An operation that this caller made, and not one that it waited for. */
function began({ actor, began: from, ended }: Told, operation: ToldOperation): boolean {
  return operation.actor === actor && operation.createdAt >= from && operation.createdAt <= ended;
}

function ran([verb = '']: readonly string[], operation: ToldOperation): readonly Act[] {
  const brings = verb === 'deploy' || verb === 'promote';
  return [
    ...(brings ? [sees('nothing is held', ({ held }) => !held)] : []),
    {
      name: `${operation.id} begins`,
      happens: (state) => begin(state, operation),
    },
    ...after(operation),
  ];
}

function begin(state: ServiceState, operation: ToldOperation): ServiceState | null {
  // What it was to push aside may have ended between the look and the claim.
  if ((state.lane !== null && state.lane.id !== operation.preempts) || state.pointer !== operation.pointer) return null;
  // What it pushes aside may have moved traffic between the look and the claim.
  if (state.lane === null && state.serving !== operation.serving) return null;
  const { id, kind, to, from } = operation;
  const begun = { ...state, lane: { id, kind, to }, begun: state.begun + 1 };
  return kind === 'rollback' && from !== null ? quarantine({ ...begun, held: true }, from) : begun;
}

function after(operation: ToldOperation): readonly Act[] {
  const { id, to, moves, full, points, state: end, moved } = operation;
  const serving = full ? to : null;
  const mine = ({ lane }: ServiceState): boolean => lane?.id === id;
  const move = does(`${id} moves the traffic`, (state) => (moves ? { ...state, serving } : state));
  const point = points ? [does(`${id} moves the pointer`, (state) => ({ ...state, pointer: to }))] : [];
  const owned = (acts: readonly Act[]): readonly Act[] =>
    acts.map((act) => ({ ...act, happens: (state) => (mine(state) ? act.happens(state) : null) }));
  switch (end) {
    case 'completed':
      return owned([move, ...point, does(`${id} ends`, (state) => ({ ...state, lane: null }))]);
    case 'open':
      return moved ? owned([move]) : [sees(`${id} meets a hold`, ({ held }) => held)];
    case 'superseded':
      // Until the one that pushed it aside has written, a write that was under way may still land.
      return moved ? [move, ...point.map((act) => ({ ...act, maybe: true as const }))] : [{ ...move, maybe: true }];
    default:
      return [sees(`${id} is ${end}, which nothing here explains`, () => false)];
  }
}

function joined({ id, state }: ToldOperation): readonly Act[] {
  return [sees(`${id} holds the lane`, ({ lane }) => lane?.id === id), sees(`${id} is ${state}`, ({ lane }) => lane?.id !== id)];
}

function nothing([verb = '', version = '']: readonly string[], operation: ToldOperation | null): readonly Act[] {
  switch (verb) {
    case 'deploy':
      return [sees(`${version} serves already`, ({ serving }) => serving === version)];
    case 'rollback':
      return [sees(`${operation?.id} stands`, ({ held, serving }) => held && (operation === null || serving === operation.to))];
    case 'abort':
      return [sees('no deploy is open', ({ lane }) => lane?.kind !== 'deploy' && lane?.kind !== 'promote')];
    default:
      return [sees('no deploy is open', ({ lane }) => lane === null)];
  }
}

function refused({ words }: Told, code: string, name: string): readonly Act[] {
  const [verb = '', version = ''] = words;
  const expected = words.includes('--from') ? (words[words.indexOf('--from') + 1] ?? '') : '';
  switch (code) {
    case 'lane.taken':
      return [sees('the lane is taken', ({ lane }) => lane !== null)];
    case 'from.differs':
      return [sees(`not ${expected} serves`, ({ serving, lane }) => serving !== expected || lane !== null)];
    case 'check.refused':
      return verb === 'promote'
        ? [sees('a deploy or a promote is on the lane', ({ lane }) => lane?.kind === 'deploy' || lane?.kind === 'promote')]
        : [sees('a check refuses', ({ held, quarantined }) => held || quarantined.includes(version))];
    case 'plan.stale':
      return [
        does('looks', (state) => ({ ...state, looked: { ...state.looked, [name]: state.begun } })),
        sees('somebody began meanwhile', ({ looked, begun }) => looked[name] !== begun),
      ];
    case 'rollback.no-way-back':
      // Which versions are good enough is more than this state knows.
      return [];
    default:
      return [sees(`${code} is no answer that this explains`, () => false)];
  }
}
