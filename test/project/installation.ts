import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const checkout = join(import.meta.dirname, '..', '..');

/** A program that shows what reached it: its words, its Node and its signals. */
const probe = `
const [word, value] = process.argv.slice(2);
if (word === 'exit') process.exit(Number(value));
if (word === 'die') process.kill(process.pid, value);
if (word === 'show') console.log(JSON.stringify({ words: process.argv.slice(2), node: process.versions.node, pid: process.pid, cache: process.env.NODE_COMPILE_CACHE ?? null }));
if (word === 'echo') process.stdin.pipe(process.stdout);
if (word === 'wait' || word === 'die') setInterval(() => {}, 1000);
if (word === 'wait') {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2']) {
    process.on(signal, () => {
      console.log(signal);
      if (signal === 'SIGUSR2') process.exit(12);
    });
  }
  console.log(['ready', process.pid, process.ppid].join(' '));
}
`;

/** What is installed as \`node\` beside the package: the Node that runs this test, one whose install script did not run, or nothing. */
export type Beside = 'node' | 'node without its program' | 'an older node' | 'nothing';

/** sofare as npm lays it out in a project, with its dependencies hoisted and the probe in the place of its bundle. */
export class Installation implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'sofare-installed-'));
  readonly launcher = join(this.folder, 'node_modules', 'sofare', 'bin', 'sofare.js');

  constructor(beside: Beside) {
    const root = dirname(dirname(this.launcher));
    cpSync(join(checkout, 'bin'), join(root, 'bin'), { recursive: true });
    cpSync(join(checkout, 'package.json'), join(root, 'package.json'));
    mkdirSync(join(root, 'dist'));
    writeFileSync(join(root, 'dist', 'main.js'), probe);
    if (beside === 'nothing') return;
    const node = join(this.folder, 'node_modules', 'node');
    mkdirSync(join(node, 'bin'), { recursive: true });
    const version = beside === 'an older node' ? '22.20.0' : process.versions.node;
    writeFileSync(join(node, 'package.json'), JSON.stringify({ name: 'node', version, bin: { node: 'bin/node' } }));
    if (beside !== 'node without its program') symlinkSync(process.execPath, join(node, 'bin', 'node'));
  }

  /** A file that, loaded before the launcher, makes it believe that it runs on this Node. */
  pretends(version: string): string {
    const file = join(this.folder, `pretend-${version}.cjs`);
    writeFileSync(file, `Object.defineProperty(process.versions, 'node', { value: '${version}' });`);
    return file;
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
