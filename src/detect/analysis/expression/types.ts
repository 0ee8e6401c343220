/**
 * The types of expr-lang as far as a metric's result can have them, known before anything is evaluated. `unknown` is what a map
 * or a mixed list holds: it fits everywhere, and is looked at when it is there.
 */
export type Type =
  | { readonly kind: 'unknown' | 'nil' | 'bool' | 'int' | 'float' | 'string' | 'time' | 'duration' }
  /** `name` is Go's; two lists of different names are not the same type whatever they hold. */
  | { readonly kind: 'array'; readonly name: ArrayName; readonly of: Type }
  | { readonly kind: 'map' };

export type ArrayName = '[]float64' | '[]string' | '[]interface {}';

export const unknown: Type = { kind: 'unknown' };
export const nil: Type = { kind: 'nil' };
export const bool: Type = { kind: 'bool' };
export const int: Type = { kind: 'int' };
export const float: Type = { kind: 'float' };
export const string: Type = { kind: 'string' };
export const time: Type = { kind: 'time' };
export const duration: Type = { kind: 'duration' };
export const map: Type = { kind: 'map' };
export const floats: Type = { kind: 'array', name: '[]float64', of: float };
export const strings: Type = { kind: 'array', name: '[]string', of: string };
export const list: Type = listOf(unknown);

export function listOf(of: Type): Type {
  return { kind: 'array', name: '[]interface {}', of };
}

const goNames = {
  unknown: 'unknown',
  nil: 'unknown',
  bool: 'bool',
  int: 'int',
  float: 'float64',
  string: 'string',
  time: 'time.Time',
  duration: 'time.Duration',
  map: 'map[string]interface {}',
} as const;

/** As Go writes it. */
export function nameOf(type: Type): string {
  return type.kind === 'array' ? type.name : goNames[type.kind];
}

export function isNumber({ kind }: Type): boolean {
  return kind === 'int' || kind === 'float';
}

export function elementOf(type: Type): Type {
  return type.kind === 'array' ? type.of : unknown;
}

/** May a value of the one stand where the other is wanted? What is not known is not, here. */
export function assignable(type: Type, to: Type): boolean {
  if (type.kind === 'nil') return to.kind === 'array' || to.kind === 'map' || to.kind === 'unknown';
  if (type.kind === 'unknown' || to.kind === 'unknown') return false;
  return nameOf(type) === nameOf(to);
}

export function comparable(left: Type, right: Type): boolean {
  return (
    [left.kind, right.kind].some((kind) => kind === 'unknown' || kind === 'nil') ||
    (isNumber(left) && isNumber(right)) ||
    (left.kind === 'array' && right.kind === 'array') ||
    assignable(left, right)
  );
}

/** One side is not known, and the other is not known either or is of one of these kinds. */
export function maybe(left: Type, right: Type, ...kinds: readonly Type['kind'][]): boolean {
  const fits = ({ kind }: Type): boolean => kind === 'unknown' || kinds.includes(kind);
  return (left.kind === 'unknown' && fits(right)) || (right.kind === 'unknown' && fits(left));
}
