/** Chance: for names of things and for seeds, never for decisions. */
export interface Random {
  /** Lower-case letters and digits, without those that look alike. */
  word(length: number): string;
}
