import type { SavedProcess } from './copy-process.ts';

/** What is remembered of a copy, so that a host that starts again knows its children. */
export interface SavedCopy {
  readonly id: string;
  readonly version: string;
  readonly slot: number;
  readonly restarts: number;
  readonly port: number;
  /** Null: it was about to be started. */
  readonly process: SavedProcess | null;
  readonly identity: string | null;
  readonly everReady: boolean;
  readonly told: boolean;
}
