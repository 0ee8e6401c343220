import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { mutants } from './mutant.ts';
import { escaped } from './workspace.ts';
import { journalRules, otherRules } from './rules.ts';

const checkout = join(import.meta.dirname, '..', '..');

test('every rule of the journal is broken by at least two mutants, and every mutant names a rule', () => {
  const broken = Map.groupBy(mutants(), ({ rule }) => rule);
  const fewer = journalRules.filter((rule) => (broken.get(rule)?.length ?? 0) < 2);
  assert.deepEqual(fewer, []);
  const unknown = [...broken.keys()].filter((rule) => ![...journalRules, ...otherRules].includes(rule as never));
  assert.deepEqual(unknown, []);
});

test('every mutant still applies to the program, changes one place of it, and names a test that there is', () => {
  for (const { name, patch, file, test: title } of mutants()) {
    const { status, stderr } = spawnSync('git', ['apply', '--check', patch], { cwd: checkout, encoding: 'utf8' });
    assert.equal(status, 0, `${name} no longer applies: ${stderr}`);
    const places = readFileSync(patch, 'utf8').match(/^@@/gm);
    assert.equal(places?.length, 1, `${name} changes ${places?.length} places`);
    assert.ok(hasTest(readFileSync(join(checkout, file), 'utf8'), title), `${name}: ${file} has no test "${title}"`);
  }
});

/** Whether a file has a test of that title, as it stands or out of a template. */
function hasTest(text: string, title: string): boolean {
  const templates = [...text.matchAll(/\btest\(\s*`([^`]*)`/g)].map(([, template = '']) =>
    template
      .split(/\$\{[^}]*\}/)
      .map((part) => escaped(part))
      .join('.*'),
  );
  return text.includes(title) || templates.some((template) => new RegExp(`^${template}$`).test(title));
}
