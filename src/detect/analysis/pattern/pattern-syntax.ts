import type { CharacterClass } from './character-class.ts';

/** A pattern as a tree. Only what runs in time proportional to the text has a place in it: no references back, no looking around. */
export type Pattern =
  | { readonly kind: 'empty' }
  | { readonly kind: 'characters'; readonly set: CharacterClass; readonly folded: boolean }
  | {
      readonly kind: 'assertion';
      readonly holds: 'text start' | 'text end' | 'line start' | 'line end' | 'word edge' | 'no word edge';
    }
  | { readonly kind: 'sequence'; readonly parts: readonly Pattern[] }
  | { readonly kind: 'either'; readonly choices: readonly Pattern[] }
  | { readonly kind: 'repeat'; readonly part: Pattern; readonly least: number; readonly most: number | null };

/** `(?i)` folds case, `(?m)` lets ^ and $ hold at lines, `(?s)` lets the dot hold for a line's end. */
export interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
}

export const noFlags: Flags = { i: false, m: false, s: false };

export class PatternError extends Error {}
