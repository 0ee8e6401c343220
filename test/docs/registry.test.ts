import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { blocksOf, linesOf, place } from './console.ts';

test('every command of docs/registry.md prints what the page says', () => {
  const { sh } = place();
  for (const block of blocksOf('docs/registry.md').filter(({ language }) => language === 'console')) {
    for (const { command, prints } of linesOf(block)) assert.equal(sh(command), prints, command);
  }
});

test('the script of docs/registry.md prints what the page says', () => {
  const { directory, sh } = place();
  const blocks = blocksOf('docs/registry.md');
  const script = blocks.find(({ language }) => language === 'js');
  const printed = blocks.find(({ language }) => language === 'text');
  writeFileSync(join(directory, 'script.mjs'), script?.text ?? '');
  assert.equal(sh('node script.mjs'), printed?.text);
});
