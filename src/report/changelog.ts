import { documentOf } from './document.ts';
import type { Paper } from './paper.ts';
import { visible } from './visible.ts';

export function changelogDocument(model: string, markdown: string): string {
  return documentOf('changelog', { model, markdown });
}

/** Markdown as it is, to be read by other programs too: never wrapped, but nothing in it can act on a terminal. */
export function changelogText(markdown: string, paper: Pick<Paper, 'unicode'>): string {
  return markdown
    .split(/\r?\n/)
    .map((line) => visible(line, paper))
    .join('\n');
}
