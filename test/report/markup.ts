import assert from 'node:assert/strict';

const empty = new Set(['meta', 'br']);
const tag = /<(!doctype html|\/?[a-z][\w-]*)((?:\s+[\w:-]+(?:="[^"<>]*")?)*)\s*(\/?)>/giy;

interface Tag {
  readonly name: string;
  readonly attributes: readonly string[];
  readonly closed: boolean;
}

/** Every tag of HTML or SVG as we write them; anything else that begins with `<` fails. */
function read(text: string): readonly Tag[] {
  const found: Tag[] = [];
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    tag.lastIndex = at;
    const match = tag.exec(text);
    assert.ok(match, `no tag of ours: ${text.slice(at, at + 60)}`);
    found.push({
      name: String(match[1]).toLowerCase(),
      attributes: [...String(match[2]).matchAll(/([\w:-]+)=/g)].map(([, name]) => String(name)),
      closed: match[3] === '/',
    });
    at = tag.lastIndex;
  }
  return found;
}

/** The tags with the names of their attributes, without line breaks: a text may have more of them. */
export function tagsOf(text: string): readonly string[] {
  return read(text)
    .filter(({ name }) => name !== 'br')
    .map(({ name, attributes }) => [name, ...attributes].join(' '));
}

/** Every element is closed in its order, and no text holds a bare sign of markup. */
export function assertWellFormed(text: string): void {
  const open: string[] = [];
  for (const { name, closed } of read(text)) {
    if (name === '!doctype html' || closed || empty.has(name)) continue;
    if (name.startsWith('/')) assert.equal(open.pop(), name.slice(1), `</${name.slice(1)}> closes what is open`);
    else open.push(name);
  }
  assert.deepEqual(open, [], 'everything is closed');
  const words = text.replaceAll(/<style>.*?<\/style>/gs, '').replaceAll(/<[^<>]*>/g, '');
  assert.doesNotMatch(words, /[<>]|&(?!(amp|lt|gt|quot|#39);)/, 'no bare sign of markup');
}

/** A line of Markdown without its code and without what is escaped: what is left may mean something. */
export function bareMarkdown(line: string): string {
  let bare = '';
  for (let at = 0; at < line.length; ) {
    if (line[at] === '\\' && /[!-/:-@[-`{-~]/.test(line[at + 1] ?? '')) {
      bare += line[at + 1] === '_' ? '_' : '·';
      at += 2;
    } else if (line[at] === '`') {
      const fence = /^`+/.exec(line.slice(at))?.[0] ?? '';
      const close = [...line.slice(at + fence.length).matchAll(/`+/g)].find(([run]) => run === fence);
      assert.ok(close, `code that begins at ${at} and never ends: ${line}`);
      at += fence.length + close.index + fence.length;
    } else bare += line[at++];
  }
  return bare;
}
