/** What an expression may cost. A policy is written by people; whatever is beyond these was not. */
export const longestExpression = 1_024;
export const mostNodes = 100;
export const deepestNesting = 20;
/** Evaluations, elements made and characters made, together: some milliseconds. */
export const mostSteps = 100_000;

/** Unwinds out of lexer, parser, types and interpreter to the one door of the expression language, where it becomes a value. */
export class ExpressionError extends Error {
  /** Where in the expression, in characters from its start; null at run time. */
  readonly at: number | null;
  constructor(message: string, at: number | null = null) {
    super(message);
    this.name = 'ExpressionError';
    this.at = at;
  }
}
