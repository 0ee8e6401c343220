// node test/real/kubernetes/build/pin.mjs: writes go.mod and go.sum of each folder here anew, from the versions below.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { programs } from './programs.mjs';

/** `replaced`: the versions that stand for what the first module's own go.mod replaces, which counts only where that module is the main one. */
const pins = {
  'control-plane': {
    modules: ['k8s.io/kubernetes@v1.36.3', 'go.etcd.io/etcd/server/v3@v3.6.8'],
    replaced: (path, by) => (by.startsWith('./staging/') ? `${path}@v0.36.3` : by),
  },
  'kwok': { modules: ['sigs.k8s.io/kwok@v0.7.0'], replaced: (_path, by) => by },
  'argo-rollouts': { modules: ['github.com/argoproj/argo-rollouts@v1.8.5'], replaced: (_path, by) => by },
};

for (const [name, { modules, replaced }] of Object.entries(pins)) {
  const folder = join(import.meta.dirname, name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const upstream = JSON.parse(go(folder, 'mod', 'edit', '-json', downloaded(modules[0])));
  const replacing = (upstream.Replace ?? []).map(({ Old, New }) => {
    const by = [New.Path, New.Version].filter(Boolean).join('@');
    return `-replace=${[Old.Path, Old.Version].filter(Boolean).join('@')}=${replaced(Old.Path, by)}`;
  });
  go(folder, 'mod', 'init', `sofare.dev/${name}`);
  go(folder, 'mod', 'edit', `-go=${upstream.Go}`, ...modules.map((module) => `-require=${module}`), ...replacing);
  const imports = Object.values(programs).filter(({ pinned }) => pinned === name);
  const tools = imports.map((program) => `\t_ "${program.package}"\n`).join('');
  writeFileSync(join(folder, 'tools.go'), `//go:build tools\n\npackage tools\n\nimport (\n${tools})\n`);
  go(folder, 'mod', 'tidy');
}

function downloaded(module) {
  return JSON.parse(go(import.meta.dirname, 'mod', 'download', '-json', module)).GoMod;
}

function go(cwd, ...words) {
  return execFileSync('go', words, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}
