/** The tree of an expression: plain data. `at` is where it stands, in characters from the start. */
export type Node =
  | { readonly kind: 'nil'; readonly at: number }
  | { readonly kind: 'bool'; readonly value: boolean; readonly at: number }
  | { readonly kind: 'integer'; readonly value: bigint; readonly at: number }
  | { readonly kind: 'float'; readonly value: number; readonly at: number }
  | { readonly kind: 'string'; readonly value: string; readonly at: number }
  | { readonly kind: 'identifier'; readonly name: string; readonly at: number }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Node; readonly at: number }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: Node; readonly right: Node; readonly at: number }
  /** Where one optional member of the chain finds nothing, the whole chain is nil. */
  | { readonly kind: 'chain'; readonly links: Node; readonly at: number }
  | { readonly kind: 'member'; readonly of: Node; readonly property: Node; readonly optional: boolean; readonly at: number }
  | { readonly kind: 'slice'; readonly of: Node; readonly from: Node | null; readonly to: Node | null; readonly at: number }
  /** A function of the environment. */
  | { readonly kind: 'call'; readonly name: string; readonly given: readonly Node[]; readonly at: number }
  /** A function of the language itself. */
  | { readonly kind: 'builtin'; readonly name: string; readonly given: readonly Node[]; readonly at: number }
  | { readonly kind: 'predicate'; readonly body: Node; readonly at: number }
  /** `#`, `#acc`, `#index`; the name is empty for the element itself. */
  | { readonly kind: 'pointer'; readonly name: string; readonly at: number }
  | { readonly kind: 'let'; readonly name: string; readonly value: Node; readonly body: Node; readonly at: number }
  | { readonly kind: 'sequence'; readonly nodes: readonly Node[]; readonly at: number }
  | { readonly kind: 'conditional'; readonly condition: Node; readonly yes: Node; readonly no: Node; readonly at: number }
  | { readonly kind: 'array'; readonly items: readonly Node[]; readonly at: number }
  | { readonly kind: 'map'; readonly pairs: readonly { readonly key: Node; readonly value: Node }[]; readonly at: number };

/** How tightly an operator binds; the higher, the tighter. */
export const binaryPrecedence: ReadonlyMap<string, number> = new Map([
  ['|', 0],
  ['or', 10],
  ['||', 10],
  ['and', 15],
  ['&&', 15],
  ['==', 20],
  ['!=', 20],
  ['<', 20],
  ['>', 20],
  ['>=', 20],
  ['<=', 20],
  ['in', 20],
  ['matches', 20],
  ['contains', 20],
  ['startsWith', 20],
  ['endsWith', 20],
  ['..', 25],
  ['+', 30],
  ['-', 30],
  ['*', 60],
  ['/', 60],
  ['%', 60],
  ['**', 100],
  ['^', 100],
  ['??', 500],
]);

export const unaryPrecedence: ReadonlyMap<string, number> = new Map([
  ['not', 50],
  ['!', 50],
  ['-', 90],
  ['+', 90],
]);

/** Functions whose second argument is asked for each element; how many arguments they take at least and at most. */
export const predicateFunctions: ReadonlyMap<string, { readonly least: number; readonly most: number }> = new Map([
  ['all', { least: 2, most: 2 }],
  ['none', { least: 2, most: 2 }],
  ['any', { least: 2, most: 2 }],
  ['one', { least: 2, most: 2 }],
  ['filter', { least: 2, most: 2 }],
  ['map', { least: 2, most: 2 }],
  ['count', { least: 1, most: 2 }],
  ['sum', { least: 1, most: 2 }],
  ['find', { least: 2, most: 2 }],
  ['findIndex', { least: 2, most: 2 }],
  ['findLast', { least: 2, most: 2 }],
  ['findLastIndex', { least: 2, most: 2 }],
  ['sortBy', { least: 2, most: 3 }],
  ['reduce', { least: 2, most: 3 }],
]);

/** Functions of expr-lang that this subset leaves out; named so that the refusal can say so. */
export const leftOut: ReadonlySet<string> = new Set([
  'groupBy',
  'splitAfter',
  'toPairs',
  'fromPairs',
  'toBase64',
  'fromBase64',
  'timezone',
]);
