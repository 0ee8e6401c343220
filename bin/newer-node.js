'use strict';
// Finds the Node 24 that the package depends on. Parses on any Node.
var fs = require('fs');
var path = require('path');

/** The folder of the dependency `node`, looked for as Node itself would: in the package, or hoisted above it. */
function findPackage(root) {
  for (var folder = root; ; folder = path.dirname(folder)) {
    var found = path.join(folder, 'node_modules', 'node');
    if (fs.existsSync(path.join(found, 'package.json'))) return found;
    if (folder === path.dirname(folder)) return null;
  }
}

/** Is the package `node` in that folder of a version that can run sofare? */
function isNewer(folder) {
  return parseInt(manifest(folder).version, 10) >= 24;
}

function manifest(folder) {
  return JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
}

/** The program of Node 24 beside the package in `root`, or null. It must exist: npm may have kept the install script from running. */
function findNode(root) {
  var folder = findPackage(root);
  if (folder === null || !isNewer(folder)) return null;
  var program = path.join(folder, manifest(folder).bin.node);
  return fs.existsSync(program) ? program : null;
}

/** The error `runtime.too-old`, with the command that mends this very installation. */
function tooOld(root) {
  var folder = findPackage(root);
  var installed = folder !== null && isNewer(folder);
  return {
    code: 'runtime.too-old',
    what: 'sofare needs Node 24 or newer, and this is Node ' + process.versions.node,
    why: installed
      ? 'the package `node` in ' + folder + ' brings no Node 24 along: its install script did not run'
      : 'the package `node`, which brings Node 24 along, is not installed beside it' +
        (folder === null ? '' : ', but an older version of it'),
    // Not with --prefix: the install script of `node` runs npm again, which would take the prefix for its own.
    next: installed
      ? 'cd ' + folder + ' && npm run preinstall'
      : 'cd ' + root + ' && npm install --no-save --omit=dev node@' + manifest(root).dependencies.node,
  };
}

module.exports = { findNode: findNode, tooOld: tooOld };
