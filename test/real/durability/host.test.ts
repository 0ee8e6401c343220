import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { FaultyDisk } from '../../fixtures/disk/faulty-disk.ts';
import { luckOf } from '../../fixtures/disk/luck.ts';
import { type Luck, PowerCut } from '../../fixtures/disk/power-cut.ts';
import { service, TestHost } from '../../host/fixtures/test-host.ts';

test('whenever the power is cut, the state of a host is whole and holds every change that was answered', async (context) => {
  const above = mkdtempSync(join(tmpdir(), 'sofare-power-'));
  context.after(() => rmSync(above, { recursive: true, force: true }));
  const directory = join(above, 'host');
  using disk = new FaultyDisk(above, { program: '--child', logs: true });
  const left = mkdtempSync(join(tmpdir(), 'sofare-left-'));
  context.after(() => rmSync(left, { recursive: true, force: true }));
  const cut = new PowerCut(above);
  // The process that starts a host makes its folder, before the host does.
  mkdirSync(directory);
  cut.apply(`mkdir\t${directory}\t\t0\t`);
  cut.apply(`sync\t${above}\t\t0\t`);
  await using host = new TestHost(directory, [], disk.environment);
  await host.answers();
  let looks = 0;
  let everThere = false;
  /** Everything that happened until now; `holds` is what was answered last. */
  const look = (holds: (state: Saved) => void): void => {
    for (const [index, line] of disk.readLog().entries()) {
      cut.apply(line);
      if (!/^(?:sync|rename|create|truncate)\t/.test(line)) continue;
      for (const luck of ['nothing more', 'everything', luckOf(index * 17 + 3)] satisfies Luck[]) {
        looks += 1;
        const state = stateOf(left, cut, luck, `${line.slice(0, 120)}, ${String(luck)}`);
        if (luck === 'nothing more') everThere ||= state !== null;
        if (everThere) assert.ok(state, `the state is gone after ${line.slice(0, 120)}`);
      }
    }
    const answered = stateOf(left, cut, 'nothing more', 'what was answered');
    assert.ok(answered, 'nothing of it is durable');
    holds(answered.services[service] as Saved);
  };
  await host.serve([host.version('1.0.0'), host.version('2.0.0')]);
  look(({ versions }) =>
    assert.deepEqual(
      versions.map(({ version }) => version),
      ['1.0.0', '2.0.0'],
    ),
  );
  for (const share of [10, 50, 100]) {
    await host.route({ '1.0.0': 100 - share, '2.0.0': share });
    look(({ weights }) => assert.equal(weights['2.0.0'], share));
  }
  for (let revision = 0; revision < 5; revision += 1) {
    const value = { fence: host.fence + revision, hold: null, operation: null, entries: [] };
    assert.equal(await host.client.swapRecord(service, { revision, value }, AbortSignal.timeout(60_000)), true);
    look(({ record, fence }) => assert.deepEqual([record.revision, fence], [revision + 1, value.fence]));
  }
  host.fence += 4;
  await host.retire('1.0.0');
  look(({ versions }) =>
    assert.deepEqual(
      versions.map(({ version }) => version),
      ['2.0.0'],
    ),
  );
  context.diagnostic(`${looks} power cuts`);
});

interface Saved {
  readonly fence: number;
  readonly weights: Readonly<Record<string, number>>;
  readonly versions: readonly { readonly version: string }[];
  readonly record: { readonly revision: number };
}

function stateOf(
  folder: string,
  cut: PowerCut,
  luck: Luck,
  where: string,
): { readonly services: Readonly<Record<string, Saved>> } | null {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  cut.leave(folder, luck);
  const file = join(folder, 'host', 'state.json');
  if (!existsSync(file)) return null;
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    return assert.fail(`state.json is half written after ${where}: ${String(error)}`);
  }
}
