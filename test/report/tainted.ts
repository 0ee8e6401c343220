/** Texts that are words of ours: nobody else can put anything there. */
const ours = new Set([
  'kind',
  'state',
  'status',
  'action',
  'verdict',
  'cause',
  'code',
  'touched',
  'source',
  'grade',
  'metric',
  'mark',
  'host',
  'change',
  'direction',
  'onUndecided',
  'registered',
  'production',
]);
/** Objects whose keys are names of versions or of things a person named. */
const named = new Set([
  'weights',
  'digests',
  'arms',
  'versions',
  'configuration',
  'environment',
  'parameters',
  'counters',
  'tolerated',
]);

/** The value with `attack` behind every text that somebody else could have written, keys included. */
export function tainted<Value>(value: Value, attack: string): Value {
  return taint(value, attack, '') as Value;
}

function taint(value: unknown, attack: string, key: string): unknown {
  if (typeof value === 'string') return ours.has(key) ? value : value + attack;
  if (Array.isArray(value)) return value.map((each) => taint(each, attack, ''));
  if (value instanceof Map) return new Map([...value].map(([name, each]) => [`${name}${attack}`, taint(each, attack, '')]));
  if (typeof value !== 'object' || value === null) return value;
  const list = named.has(key) || (key === 'metrics' && Object.values(value).every((each) => typeof each === 'number'));
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [list ? `${name}${attack}` : name, taint(each, attack, list ? '' : name)]),
  );
}
