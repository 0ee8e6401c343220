import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './places.mjs';

export const stampFile = join(root, 'dist', '.stamp');

/** What the build was made of: name, size and time of every source, and of what decides how it is built. */
export function stamp() {
  const hash = createHash('sha256');
  const sources = readdirSync(join(root, 'src'), { recursive: true }).map((name) => join('src', name));
  for (const name of [...sources.sort(), 'package.json', 'package-lock.json', 'scripts/build.mjs']) {
    const { size, mtimeMs } = statSync(join(root, name));
    hash.update(`${name} ${size} ${mtimeMs}\n`);
  }
  return hash.digest('hex');
}

export function builtStamp() {
  try {
    return readFileSync(stampFile, 'utf8');
  } catch {
    return null;
  }
}

/** Not where only the production parts were installed. */
export function canBuild() {
  return existsSync(join(root, 'node_modules', 'esbuild', 'package.json'));
}
