// npm run picture: runs the demo and draws what it printed as docs/images/demo.svg.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const widest = 118;

const folder = mkdtempSync(join(tmpdir(), 'sofare-picture-'));
const lines = told(await printed(['demo', '--seed', '1'], folder));
rmSync(folder, { recursive: true });
writeFileSync(join(root, 'docs', 'images', 'demo.svg'), drawn(['$ npm run demo', ...lines]));

/** Everything that the program prints, in the order in which it does. */
function printed(words: readonly string[], directory: string): Promise<string> {
  const child = spawn('sh', ['-c', '"$0" "$@" 2>&1', process.execPath, join(root, 'dist', 'main.js'), ...words], {
    cwd: directory,
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  return new Promise((resolve) => child.once('close', () => resolve(text)));
}

/** From the canary on, without the screens that follow the chart. */
function told(text: string): readonly string[] {
  const all = text.trimEnd().split('\n');
  const canary = all.findIndex((line) => line.startsWith('3 '));
  const status = all.findIndex((line) => /^flights {3}/.test(line));
  const end = all.findLastIndex((line) => line.startsWith('1.3.0 was caught'));
  return [...all.slice(canary, status), ...all.slice(end)].flatMap((line) => (line === '' ? [] : folded(line)));
}

function folded(line: string): readonly string[] {
  if (line.length <= widest) return [line];
  const at = line.lastIndexOf(' ', widest);
  return [line.slice(0, at), ...folded(`         ${line.slice(at + 1)}`)];
}

function drawn(text: readonly string[]): string {
  const [width, line] = [widest * 8.4 + 40, 19];
  const height = text.length * line + 40;
  const rows = text.map(
    (row, index) => `<text x="20" y="${30 + index * line}" fill="${colorOf(row)}" xml:space="preserve">${escaped(row)}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="What npm run demo prints">
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14">
${rows.join('\n')}
</g>
</svg>
`;
}

function colorOf(row: string): string {
  if (row.includes('✗')) return '#ff7b72';
  if (row.includes('✓')) return '#7ee787';
  if (row.startsWith('$')) return '#79c0ff';
  return '#c9d1d9';
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
