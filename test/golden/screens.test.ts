import { test } from 'node:test';
import { join } from 'node:path';
import { papers, start } from '../report/sample-operations.ts';
import { sampleScreens } from '../report/sample-screens.ts';

const asItIs = { serializers: [(value: unknown) => String(value)] };

for (const [name, { text, json }] of Object.entries(sampleScreens())) {
  test(`the screen ${name} looks as it did`, (context) => {
    const golden = (suffix: string): string => join(import.meta.dirname, 'screens', `${name}.${suffix}`);
    for (const [kind, paper] of Object.entries(papers))
      context.assert.fileSnapshot(text({ ...paper, now: start }), golden(`${kind}.txt`), asItIs);
    context.assert.fileSnapshot(json, golden('json'), asItIs);
  });
}
