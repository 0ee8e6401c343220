const milliseconds: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds of a duration as people write them: 250ms, 15m, 7d. Null for anything else. */
export function readDuration(text: string): number | null {
  const [, amount, unit] = text.trim().match(/^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/) ?? [];
  return amount === undefined || unit === undefined ? null : Number(amount) * (milliseconds[unit] ?? 1);
}

/** A rate from 0 to 1, written as 0.01 or 1%. Null for anything else. */
export function readRate(value: string | number): number | null {
  const [, amount, percent] =
    String(value)
      .trim()
      .match(/^(\d+(?:\.\d+)?)\s*(%?)$/) ?? [];
  if (amount === undefined) return null;
  const rate = percent === '%' ? Number(amount) / 100 : Number(amount);
  return rate <= 1 ? rate : null;
}
