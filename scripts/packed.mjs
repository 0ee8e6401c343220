import { execFileSync } from 'node:child_process';
import { npmProgram, root } from './places.mjs';

/** What `npm pack` would put into the package now: its paths, and its size in bytes, packed and unpacked. */
export function packed() {
  const [program, first] = npmProgram();
  const words = [...first, 'pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error'];
  const [{ files, size, unpackedSize }] = JSON.parse(
    execFileSync(program, words, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 2] }),
  );
  return { paths: files.map(({ path }) => path), size, unpackedSize };
}
