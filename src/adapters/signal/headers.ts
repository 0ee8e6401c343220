import type { Header } from '../../model/analysis.ts';
import { fillIn } from '../kit/variables.ts';

export interface FilledHeaders {
  readonly headers: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
}

/** The headers with their variables filled in; `Basic USER:PASSWORD` is encoded. A text names the variable that is not set. */
export function fillHeaders(headers: readonly Header[]): FilledHeaders | { readonly missing: string } {
  const filled: Record<string, string> = {};
  const secrets: string[] = [];
  for (const { key, value } of headers) {
    const found = fillIn(value);
    if ('missing' in found) return found;
    filled[key] = encoded(found.text.replaceAll(/[\r\n\0]/g, ''));
    secrets.push(...found.secrets, ...(filled[key] === found.text ? [] : [filled[key].slice('Basic '.length)]));
  }
  return { headers: filled, secrets };
}

function encoded(value: string): string {
  const pair = /^Basic ([^:\s]+:.*)$/.exec(value)?.[1];
  return pair === undefined ? value : `Basic ${Buffer.from(pair).toString('base64')}`;
}
