import { type CharacterClass, isWord, within } from './character-class.ts';
import { parsePattern } from './parse-pattern.ts';
import { type Pattern, PatternError } from './pattern-syntax.ts';

/** One instruction of the machine: take a character and go on, or go on to several places at once. */
type Instruction =
  | { readonly kind: 'take'; readonly set: CharacterClass; readonly folded: boolean; readonly next: number }
  | { readonly kind: 'fork'; readonly next: readonly number[] }
  | { readonly kind: 'hold'; readonly holds: (Pattern & { kind: 'assertion' })['holds']; readonly next: number }
  | { readonly kind: 'found' };

export interface CompiledPattern {
  /** Does it occur anywhere in the text? Time grows with the length of the text times that of the pattern, never beyond. */
  test(text: string): boolean;
}

/** A counted repetition is written out; more instructions than this are refused. */
const mostInstructions = 10_000;

/** Compiles a regular expression of Go's syntax into a machine that is in all its states at once, so it never goes back. */
export function compilePattern(pattern: string): CompiledPattern {
  const program: Instruction[] = [];
  const emit = (instruction: Instruction): number => {
    if (program.length >= mostInstructions) throw new PatternError('it is too large');
    return program.push(instruction) - 1;
  };
  // Built from its end: every part is given the place to go on to, and returns where it begins.
  const build = (part: Pattern, next: number): number => {
    switch (part.kind) {
      case 'empty':
        return next;
      case 'characters':
        return emit({ kind: 'take', set: part.set, folded: part.folded, next });
      case 'assertion':
        return emit({ kind: 'hold', holds: part.holds, next });
      case 'sequence':
        return part.parts.reduceRight((place, each) => build(each, place), next);
      case 'either':
        return emit({ kind: 'fork', next: part.choices.map((each) => build(each, next)) });
      case 'repeat': {
        let place = next;
        if (part.most === null) {
          const loop = emit({ kind: 'fork', next: [next] });
          program[loop] = { kind: 'fork', next: [build(part.part, loop), next] };
          place = loop;
        } else {
          for (let times = part.least; times < part.most; times += 1)
            place = emit({ kind: 'fork', next: [build(part.part, place), next] });
        }
        for (let times = 0; times < part.least; times += 1) place = build(part.part, place);
        return place;
      }
    }
  };
  const start = build(parsePattern(pattern), emit({ kind: 'found' }));
  return { test: (text) => run(program, start, text) };
}

function run(program: readonly Instruction[], start: number, text: string): boolean {
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  let states = new Set<number>();
  for (let place = 0; place <= codes.length; place += 1) {
    const reached = new Set<number>();
    const waiting = [...states, start];
    for (let state = waiting.pop(); state !== undefined; state = waiting.pop()) {
      if (reached.has(state)) continue;
      reached.add(state);
      const instruction = program[state] as Instruction;
      if (instruction.kind === 'found') return true;
      if (instruction.kind === 'fork') waiting.push(...instruction.next);
      if (instruction.kind === 'hold' && holds(instruction.holds, codes, place)) waiting.push(instruction.next);
    }
    const code = codes[place];
    states = new Set();
    for (const state of reached) {
      const instruction = program[state] as Instruction;
      if (code !== undefined && instruction.kind === 'take' && takes(instruction, code)) states.add(instruction.next);
    }
  }
  return false;
}

function takes({ set, folded }: { readonly set: CharacterClass; readonly folded: boolean }, code: number): boolean {
  if (!folded) return within(set, code);
  const character = String.fromCodePoint(code);
  const cases = [code, character.toLowerCase().codePointAt(0) ?? 0, character.toUpperCase().codePointAt(0) ?? 0];
  return cases.some((each) => within({ ...set, negated: false }, each)) !== set.negated;
}

function holds(what: (Pattern & { kind: 'assertion' })['holds'], codes: readonly number[], place: number): boolean {
  switch (what) {
    case 'text start':
      return place === 0;
    case 'text end':
      return place === codes.length;
    case 'line start':
      return place === 0 || codes[place - 1] === 10;
    case 'line end':
      return place === codes.length || codes[place] === 10;
    case 'word edge':
      return isWord(codes[place - 1]) !== isWord(codes[place]);
    case 'no word edge':
      return isWord(codes[place - 1]) === isWord(codes[place]);
  }
}
