import type { AdoptedPast } from '../operate/adopt-past.ts';
import type { Writer } from '../model/writer.ts';
import { documentOf } from './document.ts';
import { paragraph } from './line.ts';
import type { Paper } from './paper.ts';
import { printed } from './screen.ts';
import { ended } from './sentence.ts';

export interface AdoptedPastView extends AdoptedPast {
  readonly service: string;
  readonly version: string;
}

export function pastDocument(view: AdoptedPastView): string {
  return documentOf('adopt', view);
}

/** What became of each revision that the target still knew. */
export function pastText(view: AdoptedPastView, paper: Paper): string {
  const { service, version, adopted, revisions, left, workload, writers } = view;
  const sentence = adopted
    ? `${version} is in the history of ${service} as imported; nothing was moved`
    : `${version} was in production of ${service} already`;
  const serving = revisions.at(-1);
  return printed([
    ...paragraph(paper, [{ icon: 'done' }, ' '], ended(sentence)),
    ...revisions.flatMap((each) =>
      paragraph(
        paper,
        ['  '],
        `revision ${each.revision} ${each === serving ? 'serves as' : 'was'} ${each.version} (${shortDigest(each.image)})`,
      ),
    ),
    ...left.flatMap(({ revision, why }) => paragraph(paper, ['  '], `revision ${revision} is left out: ${why}`)),
    ...writers.flatMap((writer) => paragraph(paper, ['  '], writesToo(writer, workload))),
  ]);
}

function shortDigest(image: string): string {
  return image.slice(image.lastIndexOf('@') + 1).slice(0, 'sha256:'.length + 12);
}

function writesToo({ called, pause }: Writer, workload: string): string {
  const first = pause === null ? '' : `; to keep it from that: ${pause}`;
  return `${called} writes Deployment ${workload} too, and may change what serves, or scale it up when it has gone to rest${first}`;
}
