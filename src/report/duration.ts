const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** A time span for people, at most two units: `412 ms`, `7.4s`, `45s`, `4m 12s`, `18m`, `2h 5m`, `9d`. Milliseconds in. */
export function duration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return 'unknown';
  const span = Math.max(0, milliseconds);
  if (Math.round(span) < second) return `${Math.round(span)} ms`;
  if (Math.round(span / 100) < 100) return `${Math.round(span / 100) / 10}s`;
  if (Math.round(span / second) < 60) return `${Math.round(span / second)}s`;
  if (Math.round(span / second) < 600) return twoUnits(Math.round(span / second), 60, 'm', 's');
  if (Math.round(span / minute) < 60) return `${Math.round(span / minute)}m`;
  if (Math.round(span / minute) < 24 * 60) return twoUnits(Math.round(span / minute), 60, 'h', 'm');
  if (Math.round(span / hour) < 7 * 24) return twoUnits(Math.round(span / hour), 24, 'd', 'h');
  return `${Math.round(span / day)}d`;
}

/** How long ago, in one unit: `2m ago`. What lies ahead by another clock is `now`. */
export function ago(from: number, now: number): string {
  const span = now - from;
  if (span < second) return 'now';
  if (span < minute) return `${Math.floor(span / second)}s ago`;
  if (span < hour) return `${Math.floor(span / minute)}m ago`;
  if (span < 2 * day) return `${Math.floor(span / hour)}h ago`;
  return `${Math.floor(span / day)}d ago`;
}

/** Time on a running clock: `00:11`, `1:02:03`; with tenths `00:07.4`. */
export function elapsed(milliseconds: number, tenths = false): string {
  const unit = tenths ? 100 : second;
  const whole = Math.floor(Math.max(0, milliseconds) / unit) * unit;
  const [hours, minutes, seconds] = [Math.floor(whole / hour), Math.floor((whole % hour) / minute), (whole % minute) / second];
  const clock = `${two(minutes)}:${tenths ? seconds.toFixed(1).padStart(4, '0') : two(seconds)}`;
  return hours > 0 ? `${hours}:${clock}` : clock;
}

/** `2026-11-24 10:31:05Z`. */
export function instant(at: number): string {
  const date = new Date(at);
  return Number.isFinite(date.getTime()) ? `${date.toISOString().slice(0, 19).replace('T', ' ')}Z` : 'unknown';
}

function twoUnits(count: number, size: number, large: string, small: string): string {
  const rest = count % size;
  return `${Math.floor(count / size)}${large}${rest === 0 ? '' : ` ${rest}${small}`}`;
}

function two(count: number): string {
  return String(count).padStart(2, '0');
}
