import assert from 'node:assert/strict';
import { mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { systemJournalDisk } from '../../src/cli/journal-disk.ts';
import { beginJournal, journalsToTakeIn, openJournal, sealSeed } from '../../src/cli/local-journal.ts';
import { endedWithout } from '../../src/cli/without-registry.ts';
import { ProblemError } from '../../src/model/errors.ts';
import { noFailpoints } from '../../src/ports/failpoints.ts';
import { openSqlite } from '../../src/store/sqlite.ts';
import type { Store } from '../../src/store/store.ts';
import { SimulatedDisk } from '../simulate/simulated-disk.ts';

const nothingKept = { often: () => false };

async function inMemory(): Promise<Store> {
  return openSqlite({ file: ':memory:', readOnly: false, clock: systemClock, failpoints: noFailpoints });
}

test('a journal that was begun without the registry is there after a power cut, whatever of it was not synced', async () => {
  const disk = new SimulatedDisk(inMemory);
  const seen = disk.asSeenBy(
    () => {},
    (store) => store,
  );
  const begun = await beginJournal(seen, ['/host/break-glass'], 'fraud');
  assert.ok(begun);
  const seeded = await sealSeed(seen, begun);
  disk.powerCut(nothingKept);
  assert.deepEqual((await openJournal(seen, begun.journal))?.seeded, seeded);
});

test('a journal that was put aside is found once more: who still had it open may have gone on in it', async () => {
  const disk = new SimulatedDisk(inMemory);
  const seen = disk.asSeenBy(
    () => {},
    (store) => store,
  );
  const begun = await beginJournal(seen, ['/host/break-glass'], 'fraud');
  assert.ok(begun);
  await sealSeed(seen, begun);
  const { open: find, putAside } = journalsToTakeIn(seen);
  await putAside(begun.journal);
  assert.deepEqual(disk.files, ['/host/break-glass/fraud.taken-in/journal.db', '/host/break-glass/fraud.taken-in/seed.json']);
  assert.notEqual(await find(begun.journal), null);
  // Whether the name was durable by then makes no difference.
  disk.powerCut(nothingKept);
  assert.notEqual(await find(begun.journal), null);
});

test('on a real disk a journal is this user’s alone, its folders too, and is begun only where it can be', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sofare-journal-'));
  const disk = systemJournalDisk(noFailpoints);
  const taken = join(directory, 'taken');
  writeFileSync(taken, '');
  const begun = await beginJournal(disk, [join(taken, 'break-glass'), join(directory, 'own', 'break-glass')], 'fraud');
  assert.ok(begun);
  const seeded = await sealSeed(disk, begun);
  await begun.store.close();
  assert.equal(begun.journal, join(directory, 'own', 'break-glass', 'fraud', 'journal.db'));
  assert.equal(statSync(join(directory, 'own', 'break-glass')).mode & 0o777, 0o700);
  const opened = await openJournal(disk, begun.journal);
  assert.deepEqual(opened?.seeded, seeded);
  await opened?.store.close();
  assert.equal(await openJournal(disk, join(directory, 'elsewhere', 'journal.db')), null);
});

test('a command that went on without the registry does not say that nothing was touched where its first part may have', () => {
  const problem = (touched: 'no' | 'unknown') =>
    new ProblemError({ code: 'target.unreachable', what: 'no answer', why: 'test', touched, next: 'sofare status' });
  const touchedOf = (error: unknown): unknown => error instanceof ProblemError && error.problem.touched;
  assert.equal(touchedOf(endedWithout(problem('no'), problem('unknown'))), 'unknown');
  assert.equal(touchedOf(endedWithout(problem('no'), problem('no'))), 'no');
});
