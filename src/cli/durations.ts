import { fail } from '../model/errors.ts';

const units: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a duration as people write them (250ms, 15m, 7d); null for anything else. */
export function readDuration(text: string): number | null {
  const [, amount, unit] = text.trim().match(/^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/) ?? [];
  return amount === undefined || unit === undefined ? null : Number(amount) * (units[unit] ?? 1);
}

export function durationOf(text: string, option: string): number {
  return (
    readDuration(text) ??
    fail({ code: 'usage', what: `${option} ${text} is not a duration`, why: 'a number with ms, s, m, h or d is wanted', touched: 'no', next: `${option} 60s` })
  );
}
