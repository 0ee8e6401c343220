import type { LabelReceipt } from '../model/hosting.ts';
import { documentOf } from './document.ts';
import { lineOf, paragraph } from './line.ts';
import { count } from './number.ts';
import type { Paper } from './paper.ts';
import { printed } from './screen.ts';

export function labelsDocument(service: string, receipt: LabelReceipt): string {
  return documentOf('label', { service, ...receipt });
}

/** What became of the labels that were told. */
export function labelsText(service: string, { scored, unknown, duplicate, late, malformed }: LabelReceipt, paper: Paper): string {
  const line = (number: number, text: string): readonly string[] =>
    number === 0 ? [] : paragraph(paper, ['  ', { icon: 'warning' }, ' '], `${count(number)} ${text}`);
  return printed([
    lineOf(paper, { icon: scored > 0 ? 'done' : 'waiting' }, ` ${count(scored)} labels scored answers of ${service}`),
    ...line(unknown, 'unknown: no answer with that id was given'),
    ...line(duplicate, 'duplicate: that answer was scored before'),
    ...line(late, 'late: the answer is no longer kept'),
    ...line(malformed, 'malformed: a line is {"id":…,"label":…}'),
  ]);
}
