import { paragraph } from './line.ts';
import type { Icon, Paper } from './paper.ts';
import { printed } from './screen.ts';
import { ended } from './sentence.ts';

/** One sentence on what a small command did. */
export function saidText(text: string, paper: Paper, icon: Icon = 'done'): string {
  return printed(paragraph(paper, [{ icon }, ' '], ended(text)));
}
