'use strict';
// Says an error of the launcher in the form of all the others. Parses on any Node.

/** Prints the fields on stderr and sets the exit code for usage and configuration. */
function refuse(problem) {
  process.stderr.write(
    'error ' + problem.code + ': ' + problem.what + '\n' +
    '  why         ' + problem.why + '\n' +
    '  production  not touched\n' +
    '  next        ' + problem.next + '\n'
  );
  process.exitCode = 2;
}

module.exports = { refuse: refuse };
