import type { ServingPolicy } from '../model/hosting.ts';

export interface Label {
  readonly id: string;
  readonly label: string | number | boolean;
  /** When it was known, in milliseconds since the epoch; null where the line does not say. */
  readonly at: number | null;
}

/** Reads `{"id", "label", "at"}`; `at` is a number of milliseconds or a date and may be left out. Null: the line is no label, or none that can be compared so. */
export function readLabel(line: string, compare: NonNullable<ServingPolicy['labels']>['compare']): Label | null {
  const read = documentOf(line);
  if (read === null || typeof read.id !== 'string') return null;
  const { id, label } = read;
  if (typeof label !== 'string' && typeof label !== 'number' && typeof label !== 'boolean') return null;
  if (compare !== 'equal' && !Number.isFinite(Number(label))) return null;
  if (read.at === undefined || read.at === null) return { id, label, at: null };
  const at = typeof read.at === 'number' ? read.at : typeof read.at === 'string' ? Date.parse(read.at) : Number.NaN;
  return Number.isFinite(at) ? { id, label, at } : null;
}

function documentOf(line: string): { readonly id?: unknown; readonly label?: unknown; readonly at?: unknown } | null {
  try {
    const read: unknown = JSON.parse(line);
    return typeof read === 'object' && read !== null ? read : null;
  } catch {
    return null;
  }
}
