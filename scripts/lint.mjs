// npm run lint, npm run format: Biome from tools/, which is installed on first use.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alone } from './alone.mjs';
import { root, runAs } from './places.mjs';
import { npm } from './set-up.mjs';

const tools = join(root, 'tools');

await alone(join(root, 'node_modules', '.tools.lock'), () => {
  const { dependencies } = JSON.parse(readFileSync(join(tools, 'package.json'), 'utf8'));
  if (dependencies['@biomejs/biome'] !== installed()) npm(['install', '--no-audit', '--no-fund', '--loglevel=error'], tools);
});
runAs(join(tools, 'node_modules', '.bin', 'biome'), ['check', '--error-on-warnings', ...process.argv.slice(2)], { cwd: root });

function installed() {
  try {
    return JSON.parse(readFileSync(join(tools, 'node_modules', '@biomejs', 'biome', 'package.json'), 'utf8')).version;
  } catch {
    return null;
  }
}
