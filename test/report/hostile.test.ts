import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { papers, start } from './sample-operations.ts';
import { type Change, sampleScreens } from './sample-screens.ts';
import { tainted } from './tainted.ts';

const attacks: Readonly<Record<string, string>> = {
  'clears the screen': '\u001b[2J\u001b[H',
  'sets the title': '\u001b]0;owned\u0007',
  'a C1 control sequence': '\u009b31m',
  'begins a line of its own': 'x\n✓ Back on 6.6.6. Verified.\r\n',
  'turns the text around': '\u202egnp.exe\u2066',
  'hides text': '\u200b\u2060\ufeff\u{e0041}',
  'half a pair': '\ud83d',
  'wide signs': '漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字👩‍🚀',
  'piled marks': `a${'\u0301'.repeat(300)}`,
  'endless': 'x'.repeat(5000),
};

const color = /\u001b\[(?:31|32|33|0)m/g;

/** Nothing but our own colours, line ends, and signs that show. */
function assertHarmless(text: string): void {
  const rest = text.replace(color, '').replaceAll('\n', '');
  const found = rest.match(/[\p{C}\p{Zl}\p{Zp}]/u);
  assert.equal(found, null, `U+${found?.[0].codePointAt(0)?.toString(16)} got through`);
}

const plain = sampleScreens();

function check(change: Change): void {
  for (const [name, { text, json }] of Object.entries(sampleScreens(change))) {
    for (const [kind, paper] of Object.entries(papers)) {
      const shown = text({ ...paper, now: start });
      assertHarmless(shown);
      if (!paper.color) assert.ok(!shown.includes('\u001b'), `${name} on ${kind} has colour`);
      if (!paper.unicode) assert.match(shown, /^[\x20-\x7e\n]*$/, `${name} is not ASCII`);
    }
    assertHarmless(json);
    assert.equal(JSON.parse(json).schema, JSON.parse(plain[name]?.json ?? '{}').schema);
  }
}

for (const [name, attack] of Object.entries(attacks)) {
  test(`no screen lets a text through that ${name}`, () => check((value) => tainted(value, attack)));
}

test('no text at all gets through unseen', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (attack) => check((value) => tainted(value, attack))),
    { numRuns: 15 },
  );
});

test('JSON gives every text back unchanged', () => {
  const attack = Object.values(attacks).slice(0, 6).join(' ');
  const { json } = sampleScreens((value) => tainted(value, attack))['error'] ?? { json: '{}' };
  assert.equal(JSON.parse(json).why, `one operation at a time holds the lane of a service${attack}`);
});

test('an attack in the middle of a reason is shown escaped, not dropped', () => {
  const { text } = sampleScreens((value) => tainted(value, '\u001b[2J'))['error'] ?? { text: () => '' };
  assert.match(text({ width: 200, color: false, unicode: true, now: start }), /holds the lane of a service\\u001b\[2J/);
});
