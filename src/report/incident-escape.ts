import { visible } from './visible.ts';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A text of any origin inside HTML or SVG, in an element or a quoted attribute: it can begin or end nothing, and hide nothing. */
export function xml(text: string): string {
  return visible(text, { unicode: true }).replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}
