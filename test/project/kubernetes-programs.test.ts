import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { builtProgram, kept, programFile, programs, versionOf } from '../real/kubernetes/build/programs.mjs';

const assets = mkdtempSync(join(tmpdir(), 'sofare-assets-'));
const before = process.env['KUBEBUILDER_ASSETS'];

after(() => {
  if (before === undefined) delete process.env['KUBEBUILDER_ASSETS'];
  else process.env['KUBEBUILDER_ASSETS'] = before;
  rmSync(assets, { recursive: true });
});

test('a program in KUBEBUILDER_ASSETS goes before the one that was built, and one that is not there does not', () => {
  writeFileSync(join(assets, 'etcd'), '');
  process.env['KUBEBUILDER_ASSETS'] = assets;
  assert.equal(programFile('etcd'), join(assets, 'etcd'));
  assert.equal(programFile('kwok'), builtProgram('kwok'));
  delete process.env['KUBEBUILDER_ASSETS'];
  assert.equal(programFile('etcd'), builtProgram('etcd'));
});

test('what is built is kept under its version, so another version is another file', () => {
  for (const name of Object.keys(programs)) assert.match(versionOf(name), /^v\d+\.\d+\.\d+$/, name);
  assert.equal(builtProgram('kube-apiserver'), join(kept, `kube-apiserver-${versionOf('kube-apiserver')}`));
});

test('every module of Kubernetes is built at the version of the API server', () => {
  const pinned = readFileSync(new URL('../real/kubernetes/build/control-plane/go.mod', import.meta.url), 'utf8');
  const replaced = [...pinned.matchAll(/^(?:replace )?\s*k8s\.io\/\S+ => k8s\.io\/\S+ (\S+)$/gm)].map(([, version]) => version);
  assert.equal(replaced.length, 33);
  assert.deepEqual([...new Set(replaced)], [versionOf('kube-apiserver').replace('v1.', 'v0.')]);
});
