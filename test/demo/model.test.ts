import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readModel } from '../../examples/flights/artifacts.mjs';
import { evaluate } from '../../examples/flights/evaluate.mjs';
import { readRows } from '../../examples/flights/rows.mjs';
import { predict, probability } from '../../examples/flights/score.mjs';

const example = join(import.meta.dirname, '..', '..', 'examples', 'flights');
const folderOf = (version: string): string => join(example, 'versions', version);
const rows = readRows(join(example, 'sample.ndjson'));
const versions = ['1.2.0', '1.3.0', '1.3.0-sound'] as const;
const figures = Object.fromEntries(versions.map((version) => [version, evaluate(readModel(folderOf(version)), rows)])) as Record<
  (typeof versions)[number],
  ReturnType<typeof evaluate>
>;

test('1.2.0 tells late flights from others, and is wrong less often than the majority baseline', () => {
  const { auc, wrongRate, lateRate, errorRate } = figures['1.2.0'];
  assert.equal(auc.toFixed(4), '0.8042');
  assert.ok(auc >= 0.65);
  assert.ok(wrongRate < 0.75 * lateRate, `${wrongRate} against ${lateRate}`);
  assert.equal(errorRate, 0);
});

test('1.3.0 is wrong at least twice as often as 1.2.0 and answers at least 3 % of the rows with an error', () => {
  const { wrongRate, errorRate } = figures['1.3.0'];
  assert.ok(wrongRate >= 2 * figures['1.2.0'].wrongRate, `${wrongRate} against ${figures['1.2.0'].wrongRate}`);
  assert.ok(errorRate >= 0.03, `${errorRate}`);
});

test('1.3.0 answers "late" for nearly every flight of a high-volume hour, fails only there, and is as good as 1.2.0 in quiet ones', () => {
  const [sound, bad] = [readModel(folderOf('1.2.0')), readModel(folderOf('1.3.0'))];
  const busy = evaluate(
    bad,
    rows.filter(({ flight }) => flight.volume >= 30),
  );
  assert.ok(busy.answeredLate > 0.99, `${busy.answeredLate}`);
  assert.equal(
    evaluate(
      bad,
      rows.filter(({ flight }) => flight.volume < 30),
    ).errorRate,
    0,
  );
  const quiet = rows.filter(({ flight }) => flight.volume < 8);
  assert.ok(Math.abs(evaluate(bad, quiet).wrongRate - evaluate(sound, quiet).wrongRate) < 0.01);
});

test('the sound 1.3.0 never fails and is not more often wrong than a tenth over 1.2.0', () => {
  const { wrongRate, errorRate } = figures['1.3.0-sound'];
  assert.equal(errorRate, 0);
  assert.ok(wrongRate <= 1.1 * figures['1.2.0'].wrongRate, `${wrongRate}`);
});

test('every folder has the same file names, and a model says itself which version it is', () => {
  for (const version of versions) {
    assert.deepEqual(readdirSync(folderOf(version)).sort(), ['model-card.md', 'model.json', 'normalisation.json']);
    assert.equal(readModel(folderOf(version)).version, version.slice(0, 5));
  }
});

test('what makes 1.3.0 bad is its normalisation alone: the weights are those of the sound one, byte for byte', () => {
  const [bad, sound] = (['1.3.0', '1.3.0-sound'] as const).map((version) =>
    readFileSync(join(folderOf(version), 'model.json'), 'utf8'),
  );
  assert.equal(bad, sound);
});

test('what serves has no branch on a version, no chance and no clock', () => {
  for (const name of ['server.mjs', 'score.mjs', 'inference.mjs', 'artifacts.mjs']) {
    const code = readFileSync(join(example, name), 'utf8').replaceAll('127.0.0.1', '');
    assert.doesNotMatch(
      code,
      /\d+\.\d+\.\d+|SOFARE_VERSION|random|Date|performance|version\s*[=!]=|switch \(model|if \(model/,
      name,
    );
  }
});

test('a score that no number can hold gives no answer, a large one on either side still does', () => {
  assert.ok(Number.isNaN(probability(710)));
  assert.equal(probability(700), 1);
  assert.equal(probability(-10_000), 0);
  const model = readModel(folderOf('1.3.0'));
  const busiest = rows.reduce((most, row) => (row.flight.volume > most.flight.volume ? row : most));
  assert.deepEqual(predict(model, busiest.flight), { probability: Number.NaN, label: null });
});

test('the figures of the README are the computed ones', () => {
  const readme = readFileSync(join(example, 'README.md'), 'utf8');
  const percent = (share: number): string => (share === 0 ? '0' : `${(share * 100).toFixed(1)} %`);
  assert.ok(readme.includes(`the majority baseline | 0.5 | ${percent(figures['1.2.0'].lateRate)} | 0 |`));
  for (const version of versions) {
    const { auc, wrongRate, errorRate } = figures[version];
    const line = readme.split('\n').find((one) => one.startsWith(`| ${version} |`)) ?? '';
    assert.ok(line.endsWith(`| ${auc.toFixed(3)} | ${percent(wrongRate)} | ${percent(errorRate)} |`), line);
  }
});

test('models and sample together stay under 2 MB', () => {
  const files = readdirSync(example, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && !entry.parentPath.includes('.sofare'),
  );
  const bytes = files.reduce((sum, { parentPath, name }) => sum + readFileSync(join(parentPath, name)).length, 0);
  assert.ok(bytes < 2_000_000, `${bytes}`);
});
