import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const program = join(import.meta.dirname, '..', '..', '..', 'dist', 'main.js');

/**
 * On a small file system of its own: for each amount of space left, from none on, the change is tried from the same beginning, space
 * is made, it is tried again, and the pointer is asked for. One line each: what was left, both exit codes, the word of the first error,
 * the pointer.
 */
function onEveryFreeSpace(change: string): readonly (readonly string[])[] {
  const folder = mkdtempSync(join(tmpdir(), 'sofare-tmpfs-'));
  const script = `
    set -u
    mkdir "$folder/disk" && mount -t tmpfs -o size=4m tmpfs "$folder/disk"
    sofare() { "${process.execPath}" "${program}" "$@" --model fraud --registry "$folder/disk/registry" -o json -q; }
    for each in one two three; do mkdir "$folder/$each" && head -c 30000 /dev/urandom > "$folder/$each/weights"; done
    sofare register 1.0.0 "$folder/one" > "$folder/out" && sofare deploy 1.0.0 > "$folder/out"
    sofare register 1.1.0 "$folder/two" > "$folder/out" && sofare deploy 1.1.0 > "$folder/out"
    cp -r "$folder/disk/registry" "$folder/begin"
    for left in 0 4 8 16 32 48 64 96 128 256 512 1024; do
      rm -rf "$folder/disk/registry" "$folder/disk/filler" && cp -r "$folder/begin" "$folder/disk/registry"
      dd if=/dev/zero of="$folder/disk/filler" bs=1k 2> "$folder/errors"
      truncate -s "-$left"K "$folder/disk/filler"
      ${change} > "$folder/first" 2> "$folder/errors"; first=$?
      rm "$folder/disk/filler"
      word=$(sed -n 's/^  "code": "\\(.*\\)",$/\\1/p' "$folder/first")
      resume=$(sed -n 's/^  "next": "sofare \\(resume [a-z0-9]*\\)",$/\\1/p' "$folder/first")
      if [ -n "$resume" ]; then sofare $resume > "$folder/again"; else ${change} > "$folder/again"; fi; again=$?
      echo "$left $first $again \${word:-none} $(sofare current | sed -n 's/^  "version": "\\(.*\\)",$/\\1/p')"
      [ $first = 0 ] && break || true
    done`;
  const ended = spawnSync('unshare', ['--mount', 'bash', '-c', script], { encoding: 'utf8', env: { ...process.env, folder } });
  rmSync(folder, { recursive: true, force: true });
  assert.equal(ended.status, 0, ended.stderr);
  return ended.stdout
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
}

for (const [change, pointer] of [
  ['sofare register 1.2.0 "$folder/three"', '1.1.0'],
  ['sofare rollback', '1.0.0'],
] as const) {
  test(`with every amount of space left, ${change.split(' ')[1]} either does what it says or names the full disk, and works once there is space`, (context) => {
    const lines = onEveryFreeSpace(change);
    for (const [left, first, again, word, now] of lines) {
      const where = `${left} KiB left: exit ${first} (${word}), then ${again}, pointer ${now}`;
      context.diagnostic(where);
      assert.ok(['0', '4', '9', '12'].includes(first ?? ''), where);
      assert.ok(first === '0' || ['registry.full', 'interrupted', 'none'].includes(word ?? ''), where);
      assert.equal(again, '0', where);
      assert.equal(now, pointer, where);
    }
    assert.equal(lines.at(-1)?.[1], '0', 'with enough space it works at once');
    assert.ok(lines.length > 1, 'the disk was never full');
  });
}
