import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import { blocksOf, linesOf, place } from '../../docs/console.ts';
import type { Manifest } from './api.ts';
import { startControlPlane } from './control-plane.ts';

const plane = await startControlPlane({ pods: true });
after(() => plane[Symbol.asyncDispose]());

const collections: Readonly<Record<string, string>> = {
  ConfigMap: '/api/v1/namespaces/serving/configmaps',
  VirtualService: '/apis/networking.istio.io/v1/namespaces/serving/virtualservices',
};

test('every command of docs/kubernetes.md prints what the page says', async () => {
  await plane.namespace('serving');
  process.env['KUBECONFIG'] = plane.kubeconfig();
  const { directory, sh } = place();
  const blocks = blocksOf('docs/kubernetes.md');
  for (const { text } of blocks.filter(({ language }) => language === 'yaml')) {
    const [, file = ''] = /^# (\S+)/.exec(text) ?? [];
    writeFileSync(join(directory, file), text);
    if (file !== 'objects.yaml') continue;
    for (const document of parseAllDocuments(text)) {
      const object = document.toJS() as Manifest;
      await plane.admin.must('POST', collections[object.kind] ?? '', object);
    }
  }
  for (const block of blocks.filter(({ language }) => language === 'console')) {
    for (const { command, prints } of linesOf(block)) assert.equal(sh(command).trimEnd(), prints.trimEnd(), command);
  }
});
