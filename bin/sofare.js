#!/usr/bin/env node
'use strict';
// Must parse on any Node, so that one that is too old gets a sentence and not a stack trace: hence `var` and no `import`.
var path = require('path');

var root = path.dirname(__dirname);
var major = parseInt(process.versions.node, 10);

if (major >= 24) require('./start.js').start(root);
else if (major >= 20) require('./hand-over.js').handOver(root, [__filename].concat(process.argv.slice(2)));
else require('./refuse.js').refuse(require('./newer-node.js').tooOld(root));
