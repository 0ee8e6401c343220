'use strict';
const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { findNode, tooOld } = require('./newer-node.js');
const { refuse } = require('./refuse.js');
const { runAs } = require('./run-as.js');

/** Runs the same words with Node 24. In a checkout that was never set up, sets it up first. */
async function handOver(root, words) {
  let node = findNode(root);
  const setUp = join(root, 'scripts', 'set-up.mjs');
  if (node === null && existsSync(setUp)) {
    await (await import(setUp)).setUp();
    node = findNode(root);
  }
  if (node === null) return refuse(tooOld(root));
  runAs(node, words);
}

module.exports = { handOver };
