import { randomInt } from 'node:crypto';
import type { Random } from '../../ports/random.ts';

const letters = '23456789abcdefghjkmnpqrstvwxyz';

export const systemRandom: Random = {
  word: (length) => Array.from({ length }, () => letters[randomInt(letters.length)]).join(''),
};
