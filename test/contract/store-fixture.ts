import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import type { Clock } from '../../src/ports/clock.ts';
import { noFailpoints } from '../../src/ports/failpoints.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';

/** Wall time that stands still until it is set; waiting is real, so that other processes get on meanwhile. */
export interface SettableClock extends Clock {
  set(now: number): void;
}

export function settableClock(start = Date.parse('2026-03-01T12:00:00Z')): SettableClock {
  let now = start;
  return {
    now: () => now,
    monotonic: () => performance.now(),
    wait: async (milliseconds, signal) => {
      await setTimeout(milliseconds, undefined, { signal }).catch(() => {});
    },
    set: (wanted) => {
      now = wanted;
    },
  };
}

export function temporaryFolder(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'sofare-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function openStore(
  t: TestContext,
  file = ':memory:',
  readOnly = false,
  clock: Clock = settableClock(),
): Promise<Store> {
  const store = await openSqlite({ file, readOnly, clock, failpoints: noFailpoints });
  t.after(() => store.close());
  return store;
}
