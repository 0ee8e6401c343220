// @ts-check
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A model from its artifact folder. Nothing else says what it is or which version.
 * @param {string} folder
 * @returns {import('./score.mjs').Model}
 */
export function readModel(folder) {
  const read = (/** @type {string} */ name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  return { ...read('model.json'), normalisation: read('normalisation.json') };
}
