import type { Header } from './analysis.ts';

/** A name that is a token, and a value that stays on its line. */
export function isHeader({ key, value }: Header): boolean {
  return /^[\w!#$%&'*+.^`|~-]+$/.test(key) && !/[\r\n\0]/.test(value);
}
