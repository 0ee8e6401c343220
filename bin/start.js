'use strict';
const { existsSync, readFileSync } = require('node:fs');
const { enableCompileCache } = require('node:module');
const { join } = require('node:path');
const { cacheFolder } = require('./cache-folder.js');

/** Runs sofare in this process, which is Node 24 or newer. */
async function start(root) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  // Only a cache: where it cannot be written Node goes on without. Unlike NODE_COMPILE_CACHE it is not passed on to model processes.
  enableCompileCache(join(cacheFolder(process.env), 'compile', version));
  await import(existsSync(join(root, 'src')) ? await builtHere() : '../dist/main.js');
}

/** Sources lie beside the launcher in a checkout only: there, what runs must be what was last written. */
async function builtHere() {
  const { fresh } = await import('../scripts/fresh.mjs');
  return fresh();
}

module.exports = { start };
