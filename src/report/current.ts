import type { BackView } from './back.ts';
import { backText } from './back.ts';
import { documentOf } from './document.ts';
import { instant } from './duration.ts';
import { lineOf, paragraph } from './line.ts';
import type { Paper } from './paper.ts';
import { printed } from './screen.ts';

/** The version in production of one service. */
export interface CurrentView {
  readonly service: string;
  readonly model: string;
  readonly version: string;
  readonly since: number | null;
}

export function currentDocument(view: CurrentView): string {
  return documentOf('current', view);
}

/** Only the version where a program reads it, so that `$(sofare current)` is one; on a terminal since when as well. */
export function currentText({ version, since }: CurrentView, paper: Paper, terminal: boolean): string {
  return printed([lineOf(paper, terminal && since !== null ? `${version}   since ${instant(since)}` : version)]);
}

/** Where a rollback by a person would go. */
export interface PreviousView {
  readonly service: string;
  readonly served: boolean;
  readonly back: BackView & { readonly version: string };
}

export function previousDocument({ service, back }: PreviousView): string {
  return documentOf('get-previous', { service, ...back });
}

export function previousText({ back, served }: PreviousView, paper: Paper, terminal: boolean): string {
  if (!terminal) return printed([lineOf(paper, back.version)]);
  return printed([
    ...paragraph(paper, [], backText(back, served)),
    ...back.passedOver.flatMap((line) => paragraph(paper, ['  passed over: '], line)),
  ]);
}
