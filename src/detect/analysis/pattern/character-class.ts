/** A set of characters, as ranges of code points. */
export interface CharacterClass {
  readonly ranges: readonly (readonly [number, number])[];
  readonly negated: boolean;
}

const digit: CharacterClass = { ranges: [[48, 57]], negated: false };
const wordCharacter: CharacterClass = {
  ranges: [
    [48, 57],
    [65, 90],
    [95, 95],
    [97, 122],
  ],
  negated: false,
};
const space: CharacterClass = {
  ranges: [
    [9, 10],
    [12, 13],
    [32, 32],
  ],
  negated: false,
};

/** What `\d`, `\W` and their like stand for: ASCII only, as in Go. */
export const perl: ReadonlyMap<string, CharacterClass> = new Map([
  ['d', digit],
  ['D', { ...digit, negated: true }],
  ['w', wordCharacter],
  ['W', { ...wordCharacter, negated: true }],
  ['s', space],
  ['S', { ...space, negated: true }],
]);

export const posix: ReadonlyMap<string, CharacterClass['ranges']> = new Map([
  [
    'alpha',
    [
      [65, 90],
      [97, 122],
    ],
  ],
  [
    'alnum',
    [
      [48, 57],
      [65, 90],
      [97, 122],
    ],
  ],
  ['digit', [[48, 57]]],
  ['lower', [[97, 122]]],
  ['upper', [[65, 90]]],
  [
    'punct',
    [
      [33, 47],
      [58, 64],
      [91, 96],
      [123, 126],
    ],
  ],
  [
    'space',
    [
      [9, 13],
      [32, 32],
    ],
  ],
  ['word', wordCharacter.ranges],
  [
    'xdigit',
    [
      [48, 57],
      [65, 70],
      [97, 102],
    ],
  ],
]);

export function within({ ranges, negated }: CharacterClass, code: number): boolean {
  return ranges.some(([low, high]) => code >= low && code <= high) !== negated;
}

/** The ranges of what is not in the class. */
export function complement(ranges: CharacterClass['ranges']): CharacterClass['ranges'] {
  const sorted = [...ranges].sort(([one], [other]) => one - other);
  const found: [number, number][] = [];
  let from = 0;
  for (const [low, high] of sorted) {
    if (low > from) found.push([from, low - 1]);
    from = Math.max(from, high + 1);
  }
  return from <= 0x10ffff ? [...found, [from, 0x10ffff]] : found;
}

export function isWord(code: number | undefined): boolean {
  return code !== undefined && within(wordCharacter, code);
}
