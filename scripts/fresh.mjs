import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { builtStamp, canBuild, stamp } from './build-stamp.mjs';
import { root } from './places.mjs';

/** What a checkout runs: the bundle, made again if the sources changed. Without esbuild (no development parts) the sources. */
export async function fresh() {
  const bundle = join(root, 'dist', 'main.js');
  if (builtStamp() === stamp() && existsSync(bundle)) return pathToFileURL(bundle).href;
  if (!canBuild()) return pathToFileURL(join(root, 'src', 'main.ts')).href;
  await (await import('./build.mjs')).build();
  return pathToFileURL(bundle).href;
}
