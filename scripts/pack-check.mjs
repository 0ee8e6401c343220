// npm run pack:check: makes the package as it would be published, in memory, and shows what is in it and how large it is.
import { pack } from './build.mjs';
import { packed } from './packed.mjs';

const largest = 1_500_000;

await pack();
const { paths, size, unpackedSize } = packed();
process.stdout.write(`${paths.sort().join('\n')}\n\n${paths.length} files, ${size} bytes packed, ${unpackedSize} unpacked\n`);
if (size > largest) {
  process.stderr.write(`the package is larger than ${largest} bytes\n`);
  process.exitCode = 1;
}
