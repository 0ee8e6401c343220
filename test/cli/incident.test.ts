import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Local } from '../fixtures/local.ts';

test('the incident of a rollback is listed, shown, annotated and exported by the program, and nothing mistyped passes silently', {
  timeout: 300_000,
}, async (t) => {
  await using local = new Local();
  const file = (name: string): string => readFileSync(join(local.directory, name), 'utf8');
  await local.must(0, 'register', '1.0.0', local.model('1.0.0'));
  await local.must(0, 'register', '1.1.0', local.model('1.1.0'));
  assert.match((await local.must(0, 'incident', 'list')).output, /there is no incident/);
  await local.must(0, 'up');
  await local.must(0, 'deploy', '1.0.0', '-y');
  await local.must(0, 'deploy', '1.1.0', '-y');
  await local.must(0, 'rollback', '-y', '--reason', 'wrong answers');

  await t.test('by number and by name it is the same one', async () => {
    const [summary] = (await local.document('incident', 'list', 'fraud-scorer')).incidents;
    assert.deepEqual(
      [summary.name, summary.from, summary.to, summary.state, summary.reason],
      ['INC-1', '1.1.0', '1.0.0', 'mitigated', 'wrong answers'],
    );
    const byName = await local.document('incident', 'show', 'INC-1');
    assert.equal(byName.schema, 'sofare/incident@1');
    assert.deepEqual(await local.document('incident', 'show', '1'), byName);
  });

  await t.test('a note fills its section, and one that begins with a dash can be told', async () => {
    assert.match((await local.must(0, 'incident', 'show', '1')).output, /Root Cause\n +_to be filled in by a person_/);
    await local.must(0, 'incident', 'note', '1', 'the', 'scaler', 'saturates', '--section', 'root-cause');
    await local.must(0, 'incident', 'note', 'inc-1', '--', '-1 % of answers');
    const { output } = await local.must(0, 'incident', 'show', '1');
    assert.match(output, /Root Cause\n +\| the scaler saturates\n +ana, /);
    assert.match(output, / -1 % of answers \(ana\)/);
  });

  await t.test('a file gets the format that its name says, and a Markdown report its chart beside it', async () => {
    await local.must(0, 'incident', 'export', '1', '--out', 'report.md');
    const named = '![Error rate and traffic over time](<report.svg>)\n\n';
    assert.ok(file('report.md').includes(named));
    assert.match(file('report.svg'), /^<svg/);
    assert.equal(
      (await local.must(0, 'incident', 'export', '1')).output,
      file('report.md').replace(named, ''),
      'stdout names no file',
    );
    await local.must(0, 'incident', 'export', '1', '--out', 'page.html');
    assert.match(file('page.html'), /^<!doctype html>/i);
    await local.must(0, 'incident', 'export', '1', '--out', 'document.json');
    assert.equal(JSON.parse(file('document.json')).number, 1);
    await local.must(0, 'incident', 'export', '1', '--out', 'drawn.svg', '--format', 'md');
    assert.match(file('drawn.svg'), /^# Incident Report/, 'the chart does not write over the report');
    assert.match(file('drawn.svg.svg'), /^<svg/);
  });

  await t.test('without a number it is the newest', async () => {
    assert.equal((await local.document('incident', 'show')).number, 1);
    assert.match((await local.must(0, 'incident', 'export')).output, /^# Incident Report/);
  });

  await t.test('what is mistyped is refused', async () => {
    mkdirSync(join(local.directory, 'taken'));
    for (const [code, why, ...words] of [
      [3, /the nearest is fraud-scorer/, 'list', 'fraud-scor'],
      [3, /the newest is INC-1/, 'show', '9'],
      [3, /there is no incident 0x1/, 'show', '0x1'],
      [2, /which incident/, 'note'],
      [2, /extra is too much/, 'show', '1', 'extra'],
      [2, /the note is empty/, 'note', '1'],
      [2, /the sections are timeline/, 'note', '1', 'text', '--section', 'cause'],
      [2, /md, json and html are known/, 'export', '1', '--format', 'pdf'],
      [2, /cannot be written/, 'export', '1', '--out', join('nowhere', 'report.md')],
      [2, /cannot be written/, 'export', '1', '--out', 'taken'],
      [2, /list, show, note and export are known/, 'remove', '1'],
    ] as const)
      assert.match((await local.must(code, 'incident', ...words)).errors, why, words.join(' '));
    assert.equal(existsSync(join(local.directory, 'nowhere')), false);
  });
});
