import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { FaultyDisk } from '../../fixtures/disk/faulty-disk.ts';
import { luckOf } from '../../fixtures/disk/luck.ts';
import { type Luck, PowerCut } from '../../fixtures/disk/power-cut.ts';
import { type Content, contentOf } from '../../fixtures/disk/registry-content.ts';

const program = join(import.meta.dirname, '..', '..', '..', 'dist', 'main.js');

const commands = [
  ['register', '1.0.0', 'one'],
  ['deploy', '1.0.0'],
  ['register', '1.1.0', 'two'],
  ['deploy', '1.1.0'],
  ['rollback', '--reason', 'worse answers'],
  ['unhold'],
  ['hold', '--reason', 'a freeze'],
];

/** The only calls after which a power cut can find another disk; writes by themselves only add to what may be lost. */
const telling = /^(?:sync|rename|remove|create|mkdir|answer)\t/;

test('whenever the power is cut, a registry opens, holds all that was acknowledged, and every backup in it is whole', async (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'sofare-power-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  for (const name of ['one', 'two']) writeFileSync(join(directory, name), name.repeat(5_000));
  // The folder above is there; that of the registry is made by the first command.
  const above = join(directory, 'state');
  mkdirSync(above);
  const registry = join(above, 'registry');
  using disk = new FaultyDisk(above, { logs: true });
  const cut = new PowerCut(above);
  let acknowledged: Content = await contentOf(join(directory, 'nothing'), 'fraud');
  let looks = 0;
  for (const [number, words] of commands.entries()) {
    const all = [program, ...words, '--model', 'fraud', '--registry', registry, '-o', 'json', '-q'];
    const ended = spawnSync(process.execPath, all, {
      cwd: directory,
      encoding: 'utf8',
      env: { ...process.env, ...disk.environment },
    });
    assert.equal(ended.status, 0, ended.stderr);
    const before = acknowledged;
    // A copy: reading it as a command would must not change what the next command finds.
    const copy = join(directory, 'copy');
    spawnSync('cp', ['-r', registry, copy]);
    const after = await contentOf(copy, 'fraud');
    rmSync(copy, { recursive: true, force: true });
    let answered = false;
    for (const [index, line] of disk.readLog().entries()) {
      cut.apply(line);
      answered ||= line.startsWith('answer\t');
      if (!telling.test(line)) continue;
      for (const luck of ['nothing more', 'everything', luckOf(index * 31 + number + 1)] satisfies Luck[]) {
        looks += 1;
        const where = `${words.join(' ')}, cut after call ${index} (${line.slice(0, 160)}), ${String(luck)}`;
        await holds(join(directory, 'left'), cut, luck, answered ? after : before, after, where);
      }
    }
    assert.equal(answered, true);
    acknowledged = after;
  }
  context.diagnostic(`${looks} power cuts`);
});

async function holds(folder: string, cut: PowerCut, luck: Luck, least: Content, most: Content, where: string): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  cut.leave(folder, luck);
  const backups = join(folder, 'registry', 'backup');
  for (const name of existsSync(backups) ? readdirSync(backups).filter((file) => file.endsWith('.db')) : []) {
    const restored = join(folder, 'restored');
    mkdirSync(restored, { recursive: true });
    copyFileSync(join(backups, name), join(restored, 'sofare.db'));
    const backup = await contentOf(restored, 'fraud').catch((error: unknown) =>
      assert.fail(`${name}: ${where}\n${String(error)}`),
    );
    assert.ok(backup.versions.length > 0, `${name}: ${where}`);
    rmSync(restored, { recursive: true });
  }
  const left = await contentOf(join(folder, 'registry'), 'fraud').catch((error: unknown) =>
    assert.fail(`${where}\n${String(error)}`),
  );
  assert.deepEqual(left.broken, [], where);
  assert.deepEqual(left.history.slice(0, least.history.length), least.history, where);
  assert.deepEqual(left.history, most.history.slice(0, left.history.length), where);
  for (const version of least.versions) assert.ok(left.versions.includes(version), `${version} is lost: ${where}`);
  if (least === most) assert.deepEqual(left, most, where);
}
