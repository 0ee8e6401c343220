import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { blocksOf, linesOf, place } from './console.ts';

test('the policy of docs/policies.md is the specification’s, and lint prints what the page says', () => {
  const { directory, sh } = place();
  const blocks = blocksOf('docs/policies.md');
  const policy = blocks.find(({ language }) => language === 'yaml');
  assert.equal(policy?.text, readFileSync(join(import.meta.dirname, '..', 'fixtures', 'specification-policy.yaml'), 'utf8'));
  writeFileSync(join(directory, 'policy.yaml'), policy?.text ?? '');
  const block = blocks.find(({ language }) => language === 'console');
  assert.ok(block);
  for (const { command, prints } of linesOf(block)) assert.equal(sh(command), prints, command);
});
