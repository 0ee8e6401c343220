import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { alone } from './alone.mjs';
import { builtStamp, canBuild, stamp, stampFile } from './build-stamp.mjs';
import { noticesOf } from './notices.mjs';
import { root } from './places.mjs';

/** The programs: each is bundled by itself, so that none loads what it does not need. */
const programs = { main: 'src/main.ts', host: 'src/host/main.ts', index: 'src/index.ts' };

const dist = join(root, 'dist');

/** Bundles every program into dist/, unless nothing changed since. */
export async function build() {
  if (builtStamp() === stamp()) return;
  await alone(join(root, 'node_modules', '.build.lock'), async () => {
    const now = stamp();
    if (builtStamp() === now) return;
    const { build: esbuild } = await import('esbuild');
    const present = Object.entries(programs).filter(([, source]) => existsSync(join(root, source)));
    const results = await Promise.all(present.map(([name, source]) => bundle(esbuild, name, source)));
    // Chunks before the files that import them, each by a rename: a program that starts meanwhile finds the old or the new one.
    const outputs = results.flatMap(({ outputFiles }) => outputFiles);
    const chunksFirst = outputs.sort((a, b) => b.path.split('/').length - a.path.split('/').length);
    for (const { path, contents } of chunksFirst) replace(path, contents);
    replace(join(dist, 'NOTICES.txt'), noticesOf(results.map(({ metafile }) => metafile)));
    removeOldChunks(new Set(outputs.map(({ path }) => path)));
    replace(stampFile, now);
  });
}

function bundle(esbuild, name, source) {
  return esbuild({
    absWorkingDir: root,
    entryPoints: { [name]: source },
    outdir: dist,
    bundle: true,
    splitting: true,
    chunkNames: `${name}/[name]-[hash]`,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // Some dependencies are CommonJS and require built-in modules.
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    plugins: [builtinsAsTheyAre, partsThatNothingCalls],
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
}

/**
 * An `import` of a built-in module reads every property of it, and some of them load much that is never used: of `node:http` a whole
 * second HTTP client, of `node:crypto` the Web Crypto API. Taken as the plain module, they cost what is used of them.
 */
const builtinsAsTheyAre = {
  name: 'builtins-as-they-are',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path, namespace: 'builtin' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

/** Of the Kubernetes client only what finds a cluster and its credentials is used: its calls, and the HTTP client for them, stay out. */
const partsThatNothingCalls = {
  name: 'parts-that-nothing-calls',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(?:undici|\.\/gen\/index\.js)$/ }, ({ path, importer }) =>
      /@kubernetes[\\/]client-node/.test(importer) ? { path, namespace: 'nothing' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: 'module.exports = {};' }));
  },
};

function replace(path, contents) {
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}.tmp`;
  writeFileSync(beside, contents);
  renameSync(beside, path);
}

/** A process that started before the build may still load its chunks lazily: they stay for a day. */
function removeOldChunks(wanted) {
  const day = 24 * 60 * 60 * 1000;
  for (const name of readdirSync(dist, { recursive: true })) {
    const path = join(dist, name);
    if (path.endsWith('.js') && !wanted.has(path) && Date.now() - statSync(path).mtimeMs > day) rmSync(path);
  }
}

/** For packing: a clean dist/ with the declarations of the library. */
export async function pack() {
  rmSync(dist, { recursive: true, force: true });
  await build();
  if (!existsSync(join(root, programs.index))) return;
  const tsc = join(root, 'node_modules', '.bin', 'tsc');
  const { status } = spawnSync(tsc, ['-p', 'tsconfig.types.json'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error('the declarations could not be made');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--pack')) await pack();
  else if (canBuild()) await build();
}
