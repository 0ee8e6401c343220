import type { Answer, Told } from './answer.ts';
import { resting, type ServiceState } from './service-state.ts';

/** A history that is known to have an order, since it was made in one. */
export interface Planted {
  readonly told: readonly Told[];
  /** Which of them are reads. */
  readonly reads: readonly number[];
}

const names = ['1.0.0', '1.1.0', '1.2.0', '1.3.0'] as const;

/** Carries commands out one after the other, each at an instant, and then lets every call begin earlier and end later than that. */
export function plantedHistory(seed: number): Planted {
  let state = resting('1.0.0');
  let random = seed >>> 0;
  const below = (bound: number): number => {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    return Math.floor((random / 2 ** 32) * bound);
  };
  const told: Told[] = [];
  for (let number = 0; number < 12; number += 1) {
    const at = number * 10;
    const version = names[below(names.length)] ?? '1.0.0';
    const { words, answer, next } = step(state, ['deploy', 'hold', 'unhold', 'rollback', 'current'][below(5)] ?? '', version, at);
    state = next;
    const began = at - below(30);
    const ended = at + below(30);
    told.push({ name: `${number} ${words.join(' ')}`, actor: `p${number}`, words, began, ended, exit: 0, answer });
  }
  return { told, reads: told.flatMap(({ answer }, index) => (answer.kind === 'read' ? [index] : [])) };
}

interface Step {
  readonly words: readonly string[];
  readonly answer: Answer;
  readonly next: ServiceState;
}

function step(state: ServiceState, verb: string, version: string, at: number): Step {
  switch (verb) {
    case 'hold':
    case 'unhold':
      return { words: [verb], answer: { kind: 'marked' }, next: { ...state, held: verb === 'hold' } };
    case 'rollback':
      return version === state.serving
        ? step(state, 'current', version, at)
        : moved({ ...state, held: true, quarantined: marked(state) }, state, verb, version, at);
    case 'deploy':
      if (version === state.serving) return { words: [verb, version], answer: { kind: 'nothing', operation: null }, next: state };
      if (state.held) return { words: [verb, version], answer: { kind: 'refused', code: 'check.refused' }, next: state };
      return moved(state, state, verb, version, at);
    default:
      return { words: ['current'], answer: { kind: 'read', version: state.pointer ?? '' }, next: state };
  }
}

function marked({ quarantined, serving }: ServiceState): readonly string[] {
  return [...new Set([...quarantined, ...(serving === null ? [] : [serving])])].sort();
}

function moved(after: ServiceState, before: ServiceState, kind: string, to: string, at: number): Step {
  const operation = {
    id: `o${at}`,
    kind,
    actor: `p${at / 10}`,
    createdAt: at,
    from: before.serving,
    to,
    state: 'completed',
    moved: true,
    moves: true,
    full: true,
    points: true,
    preempts: null,
    pointer: before.pointer,
    serving: before.serving,
    supersededBy: null,
  };
  return {
    words: [kind, to],
    answer: { kind: 'ran', operation, by: null },
    next: { ...after, serving: to, pointer: to, begun: before.begun + 1 },
  };
}
