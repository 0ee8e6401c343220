import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { test } from 'node:test';
import { sources, type Source } from './sources.ts';

/** Only these doors may read the clock, chance, the environment and the network by themselves. */
const outermost = /^(?:adapters|cli|host)\/|^main\.ts$/;
const effects =
  /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\brandomUUID\b|\bperformance\.now\b|\bprocess\.(?:env|cwd|hrtime)\b|(?<![.\w])(?:fetch|setTimeout|setInterval)\(/;

test('nothing but the outermost rooms reads clock, chance, environment or network', () => {
  assert.deepEqual(
    lines(
      sources.filter(({ path }) => !outermost.test(path)),
      effects,
    ),
    [],
  );
});

test('the search for effects finds each of them, and not their namesakes', () => {
  const planted = [
    'Date.now()',
    'new Date()',
    'Math.random()',
    'process.env',
    'await fetch(x)',
    'setTimeout(f)',
    'clock.setTimeout(f)',
    'new Date(at)',
  ];
  const found = lines([{ path: 'plan/x.ts', text: planted.join('\n') }], effects);
  assert.deepEqual(
    found.map((line) => Number(line.split(':')[1])),
    [1, 2, 3, 4, 5, 6],
  );
});

test('exports have names, and only the door of the library gathers them', () => {
  assert.deepEqual(lines(sources, /^export default\b/), []);
  assert.deepEqual(
    lines(
      sources.filter(({ path }) => path !== 'index.ts'),
      /^export (?:type )?\*/,
    ),
    [],
  );
});

test('a file is named after its one idea', () => {
  const shapeless = sources.filter(({ path }) => /util|helper|common|misc|manager/.test(basename(path)));
  // The specification's own word for the library's door to the registry.
  assert.deepEqual(
    shapeless.map(({ path }) => path),
    ['model-version-manager.ts'],
  );
});

test('no file is longer than 250 lines', (context) => {
  const long = sources
    .map(({ path, text }) => ({ path, length: text.split('\n').length - 1 }))
    .sort((a, b) => b.length - a.length);
  for (const { path, length } of long.slice(0, 5)) context.diagnostic(`${length} ${path}`);
  assert.deepEqual(
    long.filter(({ length }) => length > 250),
    [],
  );
});

function lines(among: readonly Source[], pattern: RegExp): readonly string[] {
  return among.flatMap(({ path, text }) =>
    text
      .split('\n')
      .flatMap((line, index) =>
        pattern.test(line) && !/^\s*(?:\*|\/\*|\/\/)/.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [],
      ),
  );
}
