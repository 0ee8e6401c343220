import { ExpressionError } from './limits.ts';
import { kindOf, type Value } from './values.ts';

/** What Go's layout words stand for, the longest first. */
const words: readonly (readonly [word: string, field: Field, digits: string])[] = [
  ['2006', 'year', '\\d{4}'],
  ['01', 'month', '\\d{2}'],
  ['02', 'day', '\\d{2}'],
  ['15', 'hour', '\\d{2}'],
  ['04', 'minute', '\\d{2}'],
  ['05', 'second', '\\d{2}(?:\\.\\d+)?'],
  ['Z07:00', 'zone', 'Z|[+-]\\d{2}:\\d{2}'],
];

type Field = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'zone';

/** Layouts that are tried where none is given. */
const usual = ['2006-01-02', '15:04:05', '2006-01-02 15:04:05', '2006-01-02T15:04:05Z07:00'];

/** `date(TEXT)`, `date(TEXT, LAYOUT)`, `date(TEXT, LAYOUT, ZONE)`: a moment in the words of Go's layouts, numbers only. */
export function dateOf(given: readonly Value[]): Value {
  const [date, layout, zone] = given.map((each) => {
    if (typeof each === 'string') return each;
    throw new ExpressionError(`${kindOf(each)} is used where a string is wanted`);
  });
  const layouts = layout === undefined ? usual : [layout];
  for (const each of layouts) {
    const found = parsed(date ?? '', each);
    if (found !== null) return { time: found.zoned ? found.time : inZone(found.time, zone ?? 'UTC') };
  }
  throw new ExpressionError(`invalid date ${date ?? ''}`);
}

function parsed(text: string, layout: string): { readonly time: number; readonly zoned: boolean } | null {
  const fields: Field[] = [];
  let pattern = '';
  for (let rest = layout; rest !== ''; ) {
    const word = words.find(([each]) => rest.startsWith(each));
    pattern += word ? `(${word[2]})` : (rest[0] ?? '').replace(/[.*+?^${}()|[\]\\]/, '\\$&');
    if (word) fields.push(word[1]);
    rest = rest.slice(word ? word[0].length : 1);
  }
  const match = new RegExp(`^${pattern}$`).exec(text);
  if (!match) return null;
  const found = new Map(fields.map((field, index) => [field, match[index + 1] ?? '']));
  const zone = found.get('zone');
  const part = (field: Field, otherwise: string): string => found.get(field) ?? otherwise;
  const day = `${part('year', '0000')}-${part('month', '01')}-${part('day', '01')}`;
  const time = Date.parse(`${day}T${part('hour', '00')}:${part('minute', '00')}:${part('second', '00')}${zone ?? 'Z'}`);
  // Go refuses the 31st of a month that has none; Date would take it for the next month's first.
  const real = !Number.isNaN(time) && (zone !== undefined || new Date(time).toISOString().startsWith(day));
  return real ? { time, zoned: zone !== undefined } : null;
}

/** The moment at which clocks of the zone show what `time` shows in UTC. */
function inZone(time: number, zone: string): number {
  if (zone === 'UTC' || zone === '') return time;
  try {
    const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(time);
    return time - (Date.parse(`${shown.replace(' ', 'T')}Z`) - Math.floor(time / 1_000) * 1_000);
  } catch {
    throw new ExpressionError(`unknown time zone ${zone}`);
  }
}
