import assert from 'node:assert/strict';
import { chmodSync, cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { blocksOf, linesOf, place } from '../../docs/console.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';

const examples = join(import.meta.dirname, '..', '..', '..', 'examples', 'kubernetes');
let plane: ControlPlane;

before(async () => {
  plane = await startControlPlane({ pods: true });
});

after(async () => {
  await plane?.[Symbol.asyncDispose]();
});

const tours = blocksOf('examples/kubernetes/README.md').filter(({ language }) => language === 'console');

for (const [index, folder] of (['canary', 'blue-green', 'gateway', 'before'] as const).entries()) {
  test(`the commands of examples/kubernetes/README.md for ${folder} do what the page says`, async () => {
    const namespace = await plane.namespace();
    Object.assign(process.env, {
      KUBECONFIG: plane.kubeconfig(undefined, namespace),
      CLUSTER_ACCESS: JSON.stringify(plane.admin.access),
      CLUSTER_NAMESPACE: namespace,
    });
    const { directory, sh } = place();
    cpSync(examples, directory, { recursive: true });
    // The reader's namespace is called serving; this one has another name.
    const file = join(directory, folder, 'sofare.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('namespace: serving', `namespace: ${namespace}`));
    const kubectl = join(directory, '.bin', 'kubectl');
    writeFileSync(kubectl, `#!/bin/sh\nexec "${process.execPath}" "${join(import.meta.dirname, 'kubectl-apply.ts')}" "$@"\n`);
    chmodSync(kubectl, 0o755);
    const tour = tours[index];
    assert.ok(tour);
    for (const { command, prints } of linesOf(tour)) assert.equal(sh(`cd ${folder} && ${command}`), prints, command);
    assert.ok(readdirSync(join(directory, folder)).includes('told.jsonl'));
  });
}
