import type { Figure } from './measure.ts';

/** A figure as a line of a table. */
export function line(each: Figure): string {
  const goal = each.goal === null ? '' : `  goal ${number(each.goal).trim()} ${each.median <= each.goal ? 'met' : 'missed'}`;
  return `${each.name.padEnd(72)} ${number(each.median)} ${each.unit.padEnd(10)} p95 ${number(each.p95)}  n ${String(each.samples).padStart(5)}${goal}${each.beside === null ? '' : `  (${each.beside})`}`;
}

function number(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0).padStart(8);
}
