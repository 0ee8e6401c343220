import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Local } from '../fixtures/local.ts';

const checkout = join(import.meta.dirname, '..', '..');

export interface StepDone {
  readonly name: string;
  readonly code: number | null;
  /** stdout and stderr, as a runner shows them. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

interface WrittenStep {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, string>>;
}

/** Does the steps of a job as a GitHub runner would: environment variables, files, and the first failure skips what is not `always()`. */
export async function runJob(local: Local, workflow: string, job: string, inputs: Readonly<Record<string, string>>) {
  const { steps } = parse(readFileSync(join(checkout, workflow), 'utf8')).jobs[job] as { readonly steps: readonly WrittenStep[] };
  const done: StepDone[] = [];
  const outputs = new Map<string, Readonly<Record<string, string>>>();
  let failed = false;
  for (const [index, step] of steps.entries()) {
    if (step.uses?.startsWith('actions/checkout')) continue;
    if (failed && step.if !== 'always()') continue;
    const filled = (text: string): string =>
      text.replaceAll(/\$\{\{ (?:inputs\.(\w+)|steps\.(\w+)\.outputs\.([\w-]+)) \}\}/g, (_all, input, id, name) =>
        input === undefined ? (outputs.get(id)?.[name] ?? '') : (inputs[input] ?? ''),
      );
    const ended = await runStep(local, step, index, filled);
    done.push(ended);
    if (step.id !== undefined) outputs.set(step.id, ended.outputs);
    failed ||= ended.code !== 0;
  }
  return { failed, done };
}

async function runStep(local: Local, step: WrittenStep, index: number, filled: (text: string) => string): Promise<StepDone> {
  const files = join(local.directory, 'runner', String(index));
  mkdirSync(files, { recursive: true });
  const [output, summary] = [join(files, 'output'), join(files, 'summary')];
  for (const file of [output, summary]) writeFileSync(file, '');
  const environment = {
    GITHUB_ACTIONS: 'true',
    GITHUB_OUTPUT: output,
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_RUN_ID: '1841',
    GITHUB_WORKFLOW: 'deploy model',
    GITHUB_REPOSITORY: 'acme/fraud',
    GITHUB_ACTOR: 'ana',
    PATH: `${programFolder(local)}:${process.env['PATH'] ?? ''}`,
    ...Object.fromEntries(Object.entries(step.with ?? {}).map(([name, text]) => [`INPUT_${name.toUpperCase()}`, filled(text)])),
  };
  const words =
    step.run === undefined
      ? [process.execPath, join(checkout, 'action', 'main.js')]
      : ['bash', '-e', '-o', 'pipefail', '-c', filled(step.run)];
  const { code, log } = await logged(words, local.directory, environment);
  const said = readFileSync(output, 'utf8');
  return { name: step.name ?? '', code, log, outputs: outputsIn(said), summary: readFileSync(summary, 'utf8') };
}

export async function logged(words: readonly string[], directory: string, environment: Readonly<Record<string, string>>) {
  const { NODE_TEST_CONTEXT: _outer, ...own } = process.env;
  const [program = '', ...rest] = words;
  const child = spawn(program, rest, { cwd: directory, env: { ...own, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part: string) => (log += part));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, log };
}

/** A folder with a command `sofare`, as an installation puts one on the path. */
export function programFolder(local: Local): string {
  const folder = join(local.directory, 'runner', 'bin');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'sofare'), `#!/bin/sh\nexec "${process.execPath}" "${join(checkout, 'dist', 'main.js')}" "$@"\n`);
  chmodSync(join(folder, 'sofare'), 0o755);
  return folder;
}

/** The file of outputs, read as a runner reads it: `NAME<<DELIMITER`, lines, `DELIMITER`. */
export function outputsIn(text: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  const lines = text.split('\n');
  for (let index = 0; index < lines.length; index += 1) {
    const [, name, delimiter] = /^([\w-]+)<<(.+)$/.exec(lines[index] ?? '') ?? [];
    if (name === undefined || delimiter === undefined) continue;
    const end = lines.indexOf(delimiter, index + 1);
    if (end < 0) throw new Error(`the value of ${name} has no end`);
    found[name] = lines.slice(index + 1, end).join('\n');
    index = end;
  }
  return found;
}
