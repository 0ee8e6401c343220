/** `12,410`. */
export function count(value: number): string {
  return Number.isFinite(value)
    ? Math.round(value)
        .toString()
        .replace(/\B(?=(\d{3})+$)/g, ',')
    : 'unknown';
}

/** A fraction as people say it: `4.1%`, `0.03%`, `100%`. */
export function percent(fraction: number): string {
  if (!Number.isFinite(fraction)) return 'unknown';
  const value = fraction * 100;
  const digits = value === 0 || Math.abs(value) >= 99.95 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 0.1 ? 1 : 2;
  return `${value.toFixed(digits)}%`;
}

/** A share that is in percent already. */
export function share(value: number): string {
  return `${Number.isInteger(value) ? value : value.toFixed(1)}%`;
}

/** Bytes with a unit: `812 B`, `4.2 MB`. */
export function bytes(value: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let [amount, unit] = [value, 0];
  while (amount >= 999.5 && unit < units.length - 1) [amount, unit] = [amount / 1000, unit + 1];
  return `${unit === 0 || amount >= 99.5 ? Math.round(amount) : amount.toFixed(1)} ${units[unit]}`;
}

/** Enough of a digest to tell it from others: `sha256:3f9c21d0a7b4`. JSON has all of it. */
export function digest(text: string): string {
  return text.slice(0, 'sha256:'.length + 12);
}

/** A measured number with at most four digits that tell something. */
export function measured(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : 'not a number';
}
