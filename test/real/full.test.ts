import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { configuration } from '../fixtures/local.ts';

const program = join(import.meta.dirname, '..', '..', 'dist', 'main.js');

/** Runs a shell script with a small file system of its own at `$disk`; prints of every `sofare` its exit code and what it said. */
// biome-ignore lint/suspicious/noExplicitAny: a document is read as the test expects it
function onSmallDisk(script: string): readonly (readonly [exit: number, document: any])[] {
  const disk = mkdtempSync(join(tmpdir(), 'sofare-full-'));
  const whole = `
    set -u
    mount -t tmpfs -o size=3m tmpfs "$disk"
    sofare() { "${process.execPath}" "${program}" "$@" --model fraud --registry "$disk/registry" -o json -q > "$disk.out" 2>/dev/null; echo "$?" $(tr -d '\\n' < "$disk.out"); }
    fill() { dd if=/dev/zero of="$disk/filler" bs=1k 2>/dev/null; }
    ${script}`;
  const ended = spawnSync('unshare', ['--mount', 'bash', '-c', whole], { encoding: 'utf8', env: { ...process.env, disk } });
  assert.equal(ended.status, 0, ended.stderr);
  return ended.stdout
    .trim()
    .split('\n')
    .map((line) => [Number(line.split(' ', 1)[0]), JSON.parse(line.slice(line.indexOf('{')))]);
}

test('a full disk is named, nothing is lost, and the same command works once there is space', () => {
  const [first, full, again, listed] = onSmallDisk(`
    mkdir "$disk/model" && echo one > "$disk/model/weights"
    sofare register 1.0.0 "$disk/model"
    head -c 400000 /dev/urandom > "$disk/model/weights"
    fill
    sofare register 1.1.0 "$disk/model"
    rm "$disk/filler"
    sofare register 1.1.0 "$disk/model"
    sofare list`);
  assert.equal(first?.[0], 0);
  assert.deepEqual([full?.[0], full?.[1].code, full?.[1].production], [4, 'registry.full', 'untouched']);
  assert.equal(again?.[0], 0);
  assert.deepEqual(listed?.[1].versions.map(({ version }: { version: string }) => version).sort(), ['1.0.0', '1.1.0']);
});

test('a rollback on a full disk leaves the pointer where it was, and works once there is space', () => {
  const said = onSmallDisk(`
    mkdir "$disk/model"
    for number in 0 1; do echo $number > "$disk/model/weights"; sofare register 1.$number.0 "$disk/model"; sofare deploy 1.$number.0; done
    fill
    sofare rollback
    rm "$disk/filler"
    sofare current
    sofare rollback
    sofare current`);
  const [refused, before, rolledBack, after] = said.slice(-4);
  assert.deepEqual([refused?.[0], refused?.[1].code], [4, 'registry.full']);
  assert.equal(before?.[1].version, '1.1.0');
  assert.equal(rolledBack?.[0], 0);
  assert.equal(after?.[1].version, '1.0.0');
});

/** The same with a service that is served from the small disk: everything of it lies there, but for the models' program. */
function servedOnSmallDisk(script: string): string {
  const disk = mkdtempSync(join(tmpdir(), 'sofare-full-'));
  writeFileSync(join(disk, 'yaml'), configuration(1));
  const whole = `
    set -u
    cp "$disk/yaml" "$disk.yaml"
    mount -t tmpfs -o size=16m tmpfs "$disk"
    cp "$disk.yaml" "$disk/sofare.yaml"
    cd "$disk"
    sofare() { "${process.execPath}" "${program}" "$@"; echo "exit $?"; }
    fill() { dd if=/dev/zero of="$disk/filler" bs=4k 2>/dev/null; }
    sofare up --unsupervised -q
    for version in 1.0.0 1.1.0; do
      mkdir "$disk/$version"
      printf '{ "version": "%s" }' "$version" > "$disk/$version/model.json"
      sofare register "$version" "$disk/$version" -q
      sofare deploy "$version" -y -q
    done
    ${script}
    cd /
    sofare down -c "$disk/sofare.yaml"`;
  const ended = spawnSync('unshare', ['--mount', 'timeout', '120', 'bash', '-c', whole], {
    encoding: 'utf8',
    env: { ...process.env, disk, NO_COLOR: '1', SOFARE_ACTOR: 'ana' },
  });
  assert.equal(ended.status, 0, ended.stderr);
  return ended.stdout;
}

test('with the disk of registry and host full, traffic goes back, stays so over the death of the host, and the pointer follows', () => {
  const said = servedOnSmallDisk(`
    fill
    echo "BACK"; sofare rollback --reason "worse answers" -o json -q
    echo "SEEN"; sofare status -o json
    kill -9 $(pgrep -f -- "--directory $disk/.sofare/host .*--child")
    echo "AGAIN"; until sofare status -o json | grep '"host": "up"' > /dev/null; do sleep 0.1; done; sofare status -o json
    rm "$disk/filler"
    echo "DUE"; sofare resume --due -q
    echo "AFTER"; sofare status -o json; sofare incident list -o json`);
  const between = (from: string, to: string): string => said.slice(said.indexOf(`${from}\n`), said.indexOf(`${to}\n`));
  const back = between('BACK', 'SEEN');
  assert.match(back, /exit 0/, said);
  assert.match(back, /"breakGlass": ".*no space is left/);
  for (const seen of [between('SEEN', 'AGAIN'), between('AGAIN', 'DUE'), said.slice(said.indexOf('AFTER\n'))])
    assert.match(seen, /"version": "1\.0\.0",\s*"share": 100/, seen);
  assert.match(said.slice(said.indexOf('AFTER\n')), /"pointer": "1\.0\.0",\s*"differences": \[\]/);
});
