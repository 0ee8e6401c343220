import { existsSync, readFileSync, rmSync } from 'node:fs';

/** One instant at which a process may be killed: the nth time that a point is reached. */
export interface KillPoint {
  readonly name: string;
  readonly nth: number;
}

export const named = ({ name, nth }: KillPoint): string => `${name}:${nth}`;

/** The points in a file of SOFARE_FAILPOINT_TRACE, in order, each with the how-manieth of its name it is. The file is used up. */
export function pointsIn(file: string): readonly KillPoint[] {
  if (!existsSync(file)) return [];
  const reached = new Map<string, number>();
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  rmSync(file);
  return lines.map((name) => {
    const nth = (reached.get(name) ?? 0) + 1;
    reached.set(name, nth);
    return { name, nth };
  });
}

/** What is wrong with a trace: an effect that is not watched on all sides, or a transaction without both of its points. */
export function gaps(points: readonly KillPoint[], effects: readonly string[]): readonly string[] {
  const names = new Set(points.map(({ name }) => name));
  const around = effects.flatMap((effect) =>
    ['before-apply', 'after-apply', 'before-observe', 'after-observe'].map((point) => `${effect}.${point}`),
  );
  const transactions = [...names]
    .filter((name) => name.endsWith('.before-commit'))
    .flatMap((name) => [name, name.replace('before', 'after')]);
  return [...around, ...transactions].filter((name) => !names.has(name));
}

/**
 * Points of a loop that goes on for as long as the world takes: how often they are passed is chance, the first passes are not. Whether
 * a lease is renewed at all is a matter of time.
 */
const loops: readonly (readonly [name: RegExp, passes: number])[] = [
  [/^lease\./, 0],
  [/^wake\.(?:before|after)-observe$/, 2],
  [/^bake\.evidence\./, 2],
  [/^signal\./, 3],
];

/** The points that every run reaches: of a reading that is repeated while the world is waited for only the first. */
export function certain(points: readonly KillPoint[]): readonly KillPoint[] {
  const chance = askedWhileBaking(points);
  const total = points.filter(({ name }) => name === 'probe.before-get').length;
  return points
    .filter(({ name }, index) => !name.endsWith('-observe') || name !== points[index - 2]?.name)
    .filter(({ name, nth }) => nth <= (loops.find(([loop]) => loop.test(name))?.[1] ?? Number.POSITIVE_INFINITY))
    .filter(({ name, nth }) => !name.startsWith('probe.') || nth <= total - chance);
}

/** How many requests for health are chance: a stage between two moves asks at least once, and then as often as its time lasts. */
function askedWhileBaking(points: readonly KillPoint[]): number {
  const last = points.findLastIndex(({ name }) => name === 'route.done.after-commit');
  const asked = points.slice(0, Math.max(0, last)).filter(({ name }) => name === 'probe.before-get').length;
  return Math.max(0, asked - 1);
}

const changes = /\.after-(?:commit|apply|swap|retire|announce|copy|place)$/;

/**
 * One point for each state that a dead process can leave behind: the first, where nothing was done yet, and the first one after each
 * change that every run reaches. Between two changes a process only reads, so wherever it dies there, what it leaves is the same.
 */
export function leavingOtherStates(points: readonly KillPoint[]): readonly KillPoint[] {
  const sure = new Set(certain(points));
  let another = true;
  return points.filter((point) => {
    another ||= changes.test(point.name);
    if (!another || !sure.has(point)) return false;
    another = false;
    return true;
  });
}
