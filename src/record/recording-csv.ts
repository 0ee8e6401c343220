import { fail } from '../model/errors.ts';
import type { ArmDelta, Interval } from '../model/evidence.ts';
import { noThresholds, type Recording } from '../model/recording.ts';

const needed = ['at', 'canary', 'canary_bad', 'stable', 'stable_bad'] as const;
const most = 1_000_000;
const longest = 86_400_000;

/**
 * Intervals as lines: `at` is the end of each (ISO 8601, or seconds), then how many requests each version had and how many of them were bad;
 * `share`, the part that the canary should have had, may follow. The first line names the columns, in any order.
 */
export function recordingFromCsv(text: string, file: string): Recording {
  const refuse = (line: number, why: string): never =>
    fail({
      code: 'usage',
      what: `${file}, line ${line}, is not an interval`,
      why,
      touched: 'no',
      next: `the first line: ${needed.join(',')}`,
    });
  const lines = text.split(/\r?\n/);
  const names = (lines[0] ?? '')
    .replace(/^\ufeff/, '')
    .split(',')
    .map((name) => name.trim());
  const missing = needed.filter((name) => !names.includes(name));
  if (missing.length > 0) refuse(1, `the column ${missing.join(', ')} is missing`);
  const unknown = names.filter((name) => !(needed as readonly string[]).includes(name) && name !== 'share');
  if (unknown.length > 0) refuse(1, `the column ${unknown.join(', ')} is unknown`);
  const rows = lines.flatMap((line, index) =>
    index === 0 || line.trim() === '' ? [] : [{ number: index + 1, cells: line.split(',') }],
  );
  if (rows.length === 0) refuse(1, 'there is no line of numbers');
  if (rows.length > most) refuse(1, `there are more than ${most} lines`);
  const times = rows.map(
    ({ number, cells }) => timeOf(cells[names.indexOf('at')] ?? '') ?? refuse(number, 'at is neither a time nor a number'),
  );
  const intervals = rows.map(({ number, cells }, index): Interval => {
    const value = (name: string): number => {
      const written = (cells[names.indexOf(name)] ?? '').trim();
      const found = Number(written);
      return written !== '' && Number.isFinite(found) && found >= 0 ? found : refuse(number, `${name} is ${written || 'empty'}`);
    };
    const arm = (name: string): ArmDelta => {
      const [requests, errors] = [value(name), value(`${name}_bad`)];
      if (errors > requests) refuse(number, `${name}_bad is more than ${name}`);
      return { requests, errors, unanswered: 0, latency: [], right: 0, wrong: 0 };
    };
    const to = times[index] as number;
    // The first is as long as the second, as far as there is one.
    const step = (times[1] ?? to) - to;
    const from = times[index - 1] ?? to - (step > 0 && step <= longest ? step : 60_000);
    if (to <= from) refuse(number, 'at does not grow');
    if (to - from > longest) refuse(number, 'it would be longer than a day');
    const [canary, baseline] = [arm('canary'), arm('stable')];
    if (!names.includes('share')) return { id: index + 1, from, to, canary, baseline };
    const share = value('share');
    if (share <= 0 || share >= 1) refuse(number, 'share is not between 0 and 1');
    const split = { canary: { ...canary, sent: canary.requests }, baseline: { ...baseline, sent: baseline.requests } };
    return { id: index + 1, from, to, ...split, share };
  });
  return { version: 'the canary', stable: 'the stable version', policy: null, thresholds: noThresholds, intervals };
}

function timeOf(written: string): number | null {
  const text = written.trim();
  const seconds = Number(text);
  if (text !== '' && Number.isFinite(seconds)) return Math.round(seconds * 1_000);
  const at = Date.parse(text);
  return Number.isFinite(at) ? at : null;
}
