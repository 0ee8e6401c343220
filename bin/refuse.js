'use strict';
// Says an error of the launcher in the form of all the others. Parses on any Node.

/** Prints the fields on stderr and sets the exit code for usage and configuration. */
function refuse(problem) {
  var lines = [
    '✗ ' + problem.what + ' (' + problem.code + ')',
    '  why         ' + problem.why,
    '  production  untouched',
    '  next        ' + problem.next,
  ];
  process.stderr.write(lines.join('\n') + '\n');
  process.exitCode = 2;
}

module.exports = { refuse: refuse };
