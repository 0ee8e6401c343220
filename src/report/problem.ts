import { exitCodeOf, type ExitCode, type Problem, type Touched } from '../model/errors.ts';
import { documentOf } from './document.ts';
import { labelled, paragraph } from './line.ts';
import type { Paper } from './paper.ts';
import { printed } from './screen.ts';

const production: Readonly<Record<Touched, string>> = { no: 'untouched', yes: 'changed', unknown: 'unknown' };

/** An error as it is shown: its five fields, production in a word that cannot be misread. */
export interface ProblemView {
  readonly code: Problem['code'];
  readonly what: string;
  readonly why: string;
  readonly production: string;
  readonly next: string;
  readonly exit: ExitCode;
}

export function problemView(problem: Problem, exit: ExitCode = exitCodeOf(problem)): ProblemView {
  const { code, what, why, touched, next } = problem;
  return { code, what, why, production: production[touched], next, exit };
}

export function problemDocument(view: ProblemView): string {
  return documentOf('error', view);
}

export function problemText(view: ProblemView, paper: Paper): string {
  return printed(problemLines(view, paper));
}

export function problemLines({ code, what, why, production: state, next }: ProblemView, paper: Paper): readonly string[] {
  return [
    ...paragraph(paper, [{ icon: 'failed' }, ' '], `${what} (${code})`),
    ...labelled(paper, 'why', why),
    ...labelled(paper, 'production', state),
    ...labelled(paper, 'next', next),
  ];
}
