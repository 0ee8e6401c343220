import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import fc from 'fast-check';
import { readIncident } from '../../src/record/incident.ts';
import type { Incident } from '../../src/record/incident-view.ts';
import { chartSvg } from '../../src/report/chart.ts';
import { incidentChart } from '../../src/report/incident-chart.ts';
import { incidentHtml } from '../../src/report/incident-html.ts';
import { incidentDocument } from '../../src/report/incident-json.ts';
import { incidentMarkdown } from '../../src/report/incident-markdown.ts';
import { incidentText } from '../../src/report/incident-text.ts';
import { byHand, guardAbort, killedAndResumed, undecided } from '../record/sample-incidents.ts';
import { assertWellFormed, bareMarkdown, tagsOf } from './markup.ts';

const attacks: Readonly<Record<string, string>> = {
  'runs a script': '<script>alert(1)</script>',
  'breaks out of an attribute': '"><img src=x onerror=alert(1)>',
  'ends the style or the title': '</style></title></desc>]]>--><!--\'"',
  'loads a picture': '![x](https://evil.example/x.png) [y](javascript:alert(1))',
  'is emphasis, code and a table': '**b** _i_ ~~s~~ `c` ``d`` | cell | $x$',
  'begins a line of its own': 'x\n# Heading\n- item\n> quote\n1. one\n---\n```\n<b>\r\n',
  'calls somebody': ' @everyone and @org/team',
  'is an entity': '&lt;b&gt;&amp;&#x202e;',
  'clears the screen': '\u001b[2J\u001b]0;owned\u0007\u009b31m',
  'turns the text around': '\u202egnp.exe\u2066\u200b\ufeff',
  'half a pair and no letter': '\ud83d\uffff\u0000\ufdd0',
  'is endless': 'x'.repeat(3_000),
};

function samples(t: TestContext): Promise<readonly Incident[]> {
  return Promise.all(
    [guardAbort, byHand, killedAndResumed, undecided].map(async (make) => readIncident((await make(t)).store.read, '1')),
  );
}

/** Fields whose text is ours; in all others somebody else may have written it. */
const ours = new Set([
  'kind',
  'state',
  'what',
  'mark',
  'as',
  'is',
  'after',
  'change',
  'verdict',
  'cause',
  'action',
  'section',
  'durationUntil',
  'grade',
  'second',
  'metric',
  'code',
  'step',
  'touched',
  'direction',
]);
const textsOf = new Set(['lacking']);

/** The incident with `attack` behind every text that somebody else could have written. */
function tainted(value: unknown, attack: string, key = ''): unknown {
  if (typeof value === 'string') return ours.has(key) || textsOf.has(key) ? value : value + attack;
  if (Array.isArray(value)) return value.map((each) => tainted(each, attack, textsOf.has(key) ? key : ''));
  if (typeof value !== 'object' || value === null) return value;
  // `after` names a state in a takeover and weights in what was moved.
  if (key === 'weights' && Object.values(value).every((each) => typeof each === 'number'))
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name + attack, each]));
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, tainted(each, attack, name)]));
}

/** What of Markdown is there, line by line, without the words. */
function bones(markdown: string): readonly string[] {
  return markdown
    .split('\n')
    .filter((line) => !line.startsWith('>'))
    .map((line) => /^(#+ |- \[[ x]\] |- |\| |!\[|\*\*|)/.exec(line)?.[0] ?? '');
}

function check(incidents: readonly Incident[], attack: string): void {
  for (const incident of incidents) {
    const hostile = tainted(incident, attack) as Incident;
    const markdown = incidentMarkdown(hostile, { chart: 'INC-1.svg' });
    assert.deepEqual(
      bones(markdown),
      bones(incidentMarkdown(incident, { chart: 'INC-1.svg' })),
      'no line of Markdown begins otherwise',
    );
    for (const line of markdown.split('\n')) {
      const words = bareMarkdown(
        line.replace('![Error rate and traffic over time](<INC-1.svg>)', '').replace(/^> |^- \[[ x]\]/, ''),
      );
      assert.doesNotMatch(
        words.replaceAll('@<!-- -->', '·'),
        /[<>[\]~$]|(^|[^\w])@\w/,
        'nothing that means something is left bare, and nobody is called',
      );
    }
    const html = incidentHtml(hostile);
    assertWellFormed(html);
    assert.deepEqual(tagsOf(html), tagsOf(incidentHtml(incident)), 'no tag and no attribute was added');
    const svg = chartSvg(incidentChart(hostile), { alone: true });
    assertWellFormed(svg);
    assert.deepEqual(tagsOf(svg), tagsOf(chartSvg(incidentChart(incident), { alone: true })));
    const text = incidentText(hostile, { width: 100, color: false, unicode: true, now: 0 });
    const json = incidentDocument(hostile);
    for (const medium of [markdown, html, svg, text, json])
      assert.doesNotMatch(medium.replaceAll('\n', ''), /[\p{C}\p{Zl}\p{Zp}]/u, 'no control sign is left');
    assert.match(incidentText(hostile, { width: 60, color: false, unicode: false, now: 0 }), /^[\x20-\x7e\n]*$/);
    assert.equal(JSON.parse(json).operation.actor, hostile.operation.actor, 'JSON gives it back unchanged');
  }
}

for (const [name, attack] of Object.entries(attacks))
  test(`no report lets a text through that ${name}`, async (t) => check(await samples(t), attack));

test('no text at all breaks a report', async (t) => {
  const incidents = await samples(t);
  const holds = (attack: string): void => check(incidents, attack);
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 30 }), holds), { numRuns: 25 });
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'<>&"\'`*_[]()|\\#@!~$\n -1.x'), maxLength: 12 }), holds), {
    numRuns: 40,
  });
});
