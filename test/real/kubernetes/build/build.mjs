// node test/real/kubernetes/build/build.mjs NAMES...: builds these programs from their pinned sources into the cache, unless they are there.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { takeDefinitions } from './definitions.mjs';
import { builtProgram, kept, programs, versionOf } from './programs.mjs';

const wanted = process.argv.slice(2).filter((name) => !existsSync(builtProgram(name)));
mkdirSync(kept, { recursive: true });
takeDefinitions();
// One command for all that share their sources: it links one program while it compiles the next.
for (const [pinned, names] of Map.groupBy(wanted, (name) => programs[name].pinned)) build(pinned, names);

function build(pinned, names) {
  const begun = performance.now();
  const folder = mkdtempSync(join(kept, 'building-'));
  try {
    const packages = names.map((name) => programs[name].package);
    go(pinned, ['build', '-trimpath', '-buildvcs=false', '-ldflags', `-s -w ${stamps(names)}`, '-o', `${folder}/`, ...packages]);
    // Go names a program after the last word of its package that is no version.
    for (const name of names)
      renameSync(
        join(
          folder,
          programs[name].package
            .replace(/\/v\d+$/, '')
            .split('/')
            .at(-1),
        ),
        builtProgram(name),
      );
    if (readdirSync(folder).length > 0) throw new Error(`a build of ${names.join(', ')} left ${readdirSync(folder).join(', ')}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const took = Math.round((performance.now() - begun) / 1_000);
  process.stdout.write(`${names.map((name) => `${name} ${versionOf(name)}`).join(', ')}: built in ${took} s\n`);
}

/** Without them a client that looks at the server's version sees v0.0.0. */
function stamps(names) {
  if (!names.includes('kube-apiserver')) return '';
  const version = versionOf('kube-apiserver');
  const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(version);
  const values = { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
  return Object.entries(values)
    .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
    .join(' ');
}

function go(pinned, words) {
  const cwd = join(import.meta.dirname, pinned);
  const { status, error } = spawnSync('go', words, { cwd, stdio: ['ignore', 2, 2], env: { ...process.env, CGO_ENABLED: '0' } });
  if (status !== 0) throw new Error(`go ${words[0]} in ${cwd} failed (${error?.message ?? `exit ${status}`})`);
}
