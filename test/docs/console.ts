import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const repository = join(import.meta.dirname, '..', '..');

/** A fenced block of a page. */
export interface Block {
  readonly language: string;
  readonly text: string;
}

export function blocksOf(page: string): readonly Block[] {
  const text = readFileSync(join(repository, page), 'utf8');
  return [...text.matchAll(/^```(\w+)[^\n]*\n([\s\S]*?)^```$/gm)].map(([, language = '', body = '']) => ({
    language,
    text: body,
  }));
}

/** A command with what it must print. */
export interface Line {
  readonly command: string;
  readonly prints: string;
}

export function linesOf({ text }: Block): readonly Line[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n');
      return { command: part.slice(0, end), prints: part.slice(end + 1) };
    });
}

/** An empty folder in which `sofare` is this program, as a reader of the page would have it. */
export function place(): { readonly directory: string; readonly sh: (command: string) => string } {
  const directory = mkdtempSync(join(tmpdir(), 'sofare-docs-'));
  const bin = join(directory, '.bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'sofare'), `#!/bin/sh\nexec "${process.execPath}" "${join(repository, 'dist', 'main.js')}" "$@"\n`);
  chmodSync(join(bin, 'sofare'), 0o755);
  mkdirSync(join(directory, 'node_modules'));
  symlinkSync(repository, join(directory, 'node_modules', 'sofare'));
  const env = {
    ...process.env,
    PATH: `${bin}:${join(process.execPath, '..')}:${process.env['PATH']}`,
    LANG: 'C.UTF-8',
    NO_COLOR: '1',
  };
  return {
    directory,
    sh: (command) =>
      execFileSync('bash', ['-c', command], { cwd: directory, encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'inherit'] }),
  };
}
