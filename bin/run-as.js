'use strict';
const { spawn } = require('node:child_process');
const { openSync, closeSync, readFileSync } = require('node:fs');

/**
 * Runs a program in the place of this process: same terminal and streams, same exit code, same death by a signal, and the
 * signals that reach us reach it, once.
 */
function runAs(program, words, options = {}) {
  // A terminal sends Ctrl-C and its hang-up to every process of the foreground group: the program has them already.
  const hasTerminal = controllingTerminal();
  const reachesBoth = {
    SIGINT: () => hasTerminal && inForeground(),
    SIGHUP: () => hasTerminal,
    SIGTERM: () => false,
  };
  const child = spawn(program, words, { stdio: 'inherit', ...options });
  for (const [signal, alreadyThere] of Object.entries(reachesBoth)) {
    process.on(signal, () => {
      if (!alreadyThere()) child.kill(signal);
    });
  }
  child.on('error', (error) => {
    process.stderr.write(`${program} could not be started: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    for (const name of Object.keys(reachesBoth)) process.removeAllListeners(name);
    process.kill(process.pid, signal);
    // The signal comes a moment later; this keeps the process from ending as if all were well.
    setInterval(() => {}, 1000);
  });
}

function controllingTerminal() {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}

/** True where it cannot be told: a lost Ctrl-C is pressed again, a doubled one ends the program at once. */
function inForeground() {
  try {
    // "pid (name) state ppid pgrp session tty tpgid ...", and a name may hold spaces and brackets
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').pop().split(' ');
    return fields[2] === fields[5];
  } catch {
    return true;
  }
}

module.exports = { runAs };
