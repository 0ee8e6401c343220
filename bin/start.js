'use strict';
const { existsSync, readFileSync } = require('node:fs');
const { enableCompileCache } = require('node:module');
const { homedir } = require('node:os');
const { join } = require('node:path');

/** Runs sofare in this process, which is Node 24 or newer. */
function start(root) {
  enableCompileCache(cacheFolder(root));
  // Sources lie beside the launcher in a checkout only: there, what runs must be what was last written.
  if (existsSync(join(root, 'src'))) return import('../scripts/fresh.mjs').then(async ({ fresh }) => void (await import(await fresh())));
  return import('../dist/main.js');
}

/** Only a cache: where it cannot be written Node goes on without. */
function cacheFolder(root) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { SOFARE_CACHE, XDG_CACHE_HOME, HOME } = process.env;
  const cache = SOFARE_CACHE || join(XDG_CACHE_HOME || join(HOME || homedir(), '.cache'), 'sofare');
  return join(cache, 'compile', version);
}

module.exports = { start };
