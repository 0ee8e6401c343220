import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Mutant } from './mutant.ts';

const checkout = join(import.meta.dirname, '..', '..');
const patience = 300_000;

export type Fate =
  | { readonly kind: 'caught' }
  | { readonly kind: 'survived' | 'does not apply' | 'not by that test'; readonly said: string };

/** A copy of the checkout in which one line at a time is made wrong. */
export class Workspace implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'sofare-mutant-'));
  readonly #passed = new Map<string, boolean>();

  constructor() {
    const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
      cwd: checkout,
      encoding: 'utf8',
    });
    for (const folder of new Set(listed.split('\0').map((file) => file.split('/')[0] ?? '')))
      if (folder !== '') cpSync(join(checkout, folder), join(this.#folder, folder), { recursive: true, filter: isNoState });
    symlinkSync(join(checkout, 'node_modules'), join(this.#folder, 'node_modules'));
  }

  /** Whether the test that a mutant names fails with it. The copy is as it was when this returns. */
  fateOf(mutant: Mutant): Fate {
    const applied = this.#git('apply', mutant.patch);
    if (applied.status !== 0) return { kind: 'does not apply', said: applied.stderr };
    try {
      return judged(mutant, this.#testOf(mutant));
    } finally {
      this.#git('apply', '--reverse', mutant.patch);
    }
  }

  /** Whether that test passes where nothing is wrong: else its failure would say nothing. */
  passes(mutant: Mutant): boolean {
    const { file, test } = mutant;
    const known = this.#passed.get(`${file} ${test}`);
    if (known !== undefined) return known;
    const output = this.#testOf(mutant);
    const passed = reported('ok', test).test(output) && !reported('not ok', test).test(output);
    this.#passed.set(`${file} ${test}`, passed);
    return passed;
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #testOf({ file, test }: Mutant): string {
    if (runsTheProgram(join(this.#folder, file))) {
      const built = spawnSync(process.execPath, ['scripts/build.mjs'], { cwd: this.#folder, encoding: 'utf8' });
      if (built.status !== 0) return `not built: ${built.stderr}`;
    }
    const words = ['--test', '--test-reporter=tap', `--test-name-pattern=^${escaped(test)}$`, file];
    // A test runner inside a test would otherwise report to the outer one.
    const { NODE_TEST_CONTEXT: _outer, ...environment } = process.env;
    return spawnSync(process.execPath, words, { cwd: this.#folder, encoding: 'utf8', env: environment, timeout: patience })
      .stdout;
  }

  #git(...words: readonly string[]): { readonly status: number | null; readonly stderr: string } {
    return spawnSync('git', words, {
      cwd: this.#folder,
      encoding: 'utf8',
      env: { ...process.env, GIT_CEILING_DIRECTORIES: dirname(this.#folder) },
    });
  }
}

/** Whether a test starts the built program, by itself or by what it imports; the others read the sources as they are. */
function runsTheProgram(file: string, seen = new Set<string>()): boolean {
  if (seen.has(file) || !file.includes('/test/')) return false;
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  const imported = [...text.matchAll(/from '(\.[^']+)'/g)].map(([, path = '']) => join(dirname(file), path));
  return /\bdist\b/.test(text) || imported.some((each) => runsTheProgram(each, seen));
}

function judged({ test }: Mutant, output: string): Fate {
  if (reported('not ok', test).test(output)) return { kind: 'caught' };
  if (/^\s*not ok|^not built/m.test(output)) return { kind: 'not by that test', said: output };
  return { kind: 'survived', said: output };
}

function reported(as: 'ok' | 'not ok', test: string): RegExp {
  return new RegExp(`^\\s*${as} \\d+ - ${escaped(test.replaceAll('#', '\\#'))}(?: # .*)?$`, 'm');
}

export function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function isNoState(path: string): boolean {
  return !/(?:^|\/)(?:node_modules|dist|\.git|\.sofare)$/.test(path.slice(checkout.length));
}
