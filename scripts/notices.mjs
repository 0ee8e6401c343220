import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './places.mjs';

/** The licences of the packages that a bundle contains: they ask to travel with it. */
export function noticesOf(metafiles) {
  const inputs = metafiles.flatMap(({ inputs }) => Object.keys(inputs));
  const folders = new Map(
    inputs
      .map((path) => /^(?:.*?\/)?node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path))
      .filter(Boolean)
      .map(([folder, name]) => [name, folder]),
  );
  return [...folders].sort().map(notice).join('\n\n');
}

function notice([name, path]) {
  const folder = join(root, path);
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  return `${name} ${version} (${license})\n\n${file ? readFileSync(join(folder, file), 'utf8').trim() : ''}`;
}
