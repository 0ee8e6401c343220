import { renameSync } from 'node:fs';
import type { ArmCounters, LabelReceipt } from '../model/hosting.ts';
import { readJson } from './durable-file.ts';

export interface SavedCount {
  readonly arms: Readonly<Record<string, ArmCounters>>;
  readonly refused: number;
  readonly labels: LabelReceipt;
}

export const nothingCounted: SavedCount = {
  arms: {},
  refused: 0,
  labels: { scored: 0, unknown: 0, duplicate: 0, late: 0, malformed: 0 },
};

/**
 * The counts of an earlier host, by service. They are not forced to the disk, so a power cut may leave half a file: then they begin
 * again, and that file is put aside. Serving never waits for them.
 */
export function readCounts(file: string): Readonly<Record<string, SavedCount>> {
  try {
    return readJson<Readonly<Record<string, SavedCount>>>(file) ?? {};
  } catch {
    renameSync(file, `${file}.damaged`);
    return {};
  }
}
