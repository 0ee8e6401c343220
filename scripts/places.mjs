import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);

/** The folder of the checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

export const { findNode } = require('../bin/newer-node.js');
export const { runAs } = require('../bin/run-as.js');
export const { cacheFolder } = require('../bin/cache-folder.js');

/** The environment in which `node` is Node 24 and every tool of the project is found. */
export function environment() {
  return { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH}` };
}

/** The npm that runs us, or the one on the path: a program and its first words. */
export function npmProgram() {
  const self = process.env.npm_execpath;
  return self?.endsWith('.js') ? [process.execPath, [self]] : ['npm', []];
}

/** Runs a program to its end in the checkout, seen by the user; where it fails, so do we, with its exit code. */
export function run(program, words, folder = root) {
  const { status, error } = spawnSync(program, words, { cwd: folder, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
