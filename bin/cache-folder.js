'use strict';
const { homedir } = require('node:os');
const { join } = require('node:path');

/** Where sofare keeps what it can make again: `SOFARE_CACHE`, or a folder in the user's own cache. */
function cacheFolder(environment) {
  const { SOFARE_CACHE, XDG_CACHE_HOME, HOME } = environment;
  return SOFARE_CACHE || join(XDG_CACHE_HOME || join(HOME || homedir(), '.cache'), 'sofare');
}

module.exports = { cacheFolder };
