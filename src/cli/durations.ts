import { readDuration } from '../configure/units.ts';
import { fail } from '../model/errors.ts';

export function durationOf(text: string, option: string): number {
  return (
    readDuration(text) ??
    fail({
      code: 'usage',
      what: `${option} ${text} is not a duration`,
      why: 'a number with ms, s, m, h or d is wanted',
      touched: 'no',
      next: `${option} 60s`,
    })
  );
}
