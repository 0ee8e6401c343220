// Loaded before sofare by scripts/startup.mjs: notes which files are loaded, and at the end what it all cost.
import { writeFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const before = new Set(process.moduleLoadList);
const files = [];
registerHooks({
  load: (url, context, next) => {
    if (url.startsWith('file:')) files.push(url);
    return next(url, context);
  },
});
process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  const builtins = process.moduleLoadList
    .filter((name) => name.startsWith('NativeModule ') && !before.has(name))
    .map((name) => name.slice(13));
  writeFileSync(process.env.SOFARE_TRACE, JSON.stringify({ files, builtins, cpu: (user + system) / 1000 }));
});
