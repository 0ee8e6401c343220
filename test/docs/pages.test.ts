import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readConfiguration } from '../../src/configure/read.ts';
import { blocksOf, linesOf, place } from './console.ts';

const page = (name: string): string => readFileSync(join(import.meta.dirname, '..', '..', name), 'utf8');

test('the pages that are made from tables are current: npm run pages', async () => {
  const { commandsPage, errorsPage } = (await import('../../scripts/pages.mjs')) as {
    commandsPage: () => string;
    errorsPage: () => string;
  };
  assert.equal(page('docs/errors.md'), errorsPage());
  assert.equal(page('docs/commands.md'), commandsPage());
});

test('the sofare.yaml of docs/configuration.md is read as it stands', () => {
  const [example] = blocksOf('docs/configuration.md');
  const { services, notify } = readConfiguration({
    text: example?.text ?? '',
    file: '/srv/sofare.yaml',
    found: 'by -c',
    environment: {},
  });
  assert.deepEqual([Object.keys(services), notify], [['fraud-scorer'], { command: './tell-the-team.sh' }]);
});

test('the signals of docs/configuration.md are read as they stand', () => {
  const example = blocksOf('docs/configuration.md').find(({ text }) => text.includes('prometheus:'));
  const { services } = readConfiguration({
    text: example?.text ?? '',
    file: '/srv/sofare.yaml',
    found: 'by -c',
    environment: {},
  });
  const signals = services['fraud-scorer']?.serving?.signals.prometheus;
  assert.deepEqual([signals?.service, signals?.labels.service, signals?.every], ['fraud', 'app', 15_000]);
});

test('the five minutes of the README go as they are told', () => {
  const { directory, sh } = place();
  const blocks = blocksOf('README.md');
  const begin = blocks.find(({ language, text }) => language === 'sh' && text.includes('server.mjs'));
  const tour = blocks.find(({ language }) => language === 'console');
  assert.ok(begin && tour);
  sh(begin.text);
  // The reader's port may be anybody's here.
  const file = join(directory, 'sofare.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('127.0.0.1:8080', '127.0.0.1:0'));
  try {
    for (const { command, prints } of linesOf(tour)) assert.equal(sh(command), prints, command);
  } finally {
    sh('sofare down -q');
  }
});

test('the replay of docs/guard.md says what the page says', () => {
  const { directory, sh } = place();
  const blocks = blocksOf('docs/guard.md');
  const run = blocks.find(({ language }) => language === 'csv');
  const [line] = linesOf(blocks.find(({ language }) => language === 'console') ?? { language: '', text: '' });
  assert.ok(run && line);
  writeFileSync(join(directory, 'run.csv'), run.text);
  assert.equal(sh(line.command), line.prints);
});

test('every command that docs/procedures.md names is one', async () => {
  const { definitions } = await import('../../src/cli/definitions.ts');
  const known = new Set(definitions.map(({ usage }) => usage.split(' ')[0]));
  const named = [...page('docs/procedures.md').matchAll(/^sofare ([a-z-]+)/gm)].map(([, command]) => command ?? '');
  assert.ok(named.length > 5);
  for (const command of named) assert.ok(known.has(command), command);
});
