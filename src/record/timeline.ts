import { chapterEntries } from './chapter-entries.ts';
import { lastDecision, metricOf, onsetOf } from './evidence.ts';
import type { Happening, TimelineEntry } from './happening.ts';
import type { Counted } from './impact.ts';
import { markEntries } from './mark-entries.ts';
import type { Note } from './notes.ts';
import type { Chapter, Story } from './story.ts';
import type { Watch } from './watch.ts';

/** What happened from the deploy on, in the order of time. */
export function timelineOf(story: Story, carriers: readonly Chapter[], watch: Watch | null): readonly TimelineEntry[] {
  const chapters = [...new Set([...carriers, story.own])];
  const known = new Set(chapters.map(({ operation }) => operation.id));
  return [
    ...chapters.flatMap((chapter) => chapterEntries(chapter, known)),
    ...onsetEntries(carriers, watch),
    ...markEntries(story, chapters),
    ...story.notes.filter(({ section }) => section === 'timeline').map(noteEntry),
  ].toSorted((one, other) => one.at - other.at || rank(one) - rank(other));
}

/** What was seen comes before what was done about it, where the clock cannot tell. */
function rank({ happening: { what } }: TimelineEntry): number {
  const order: readonly Happening['what'][] = ['first-bad', 'crossed', 'decided', 'ended', 'began', 'marked'];
  const found = order.indexOf(what);
  return found < 0 ? order.length : found;
}

function onsetEntries(carriers: readonly Chapter[], watch: Watch | null): readonly TimelineEntry[] {
  const decided = lastDecision(carriers);
  const onset = watch && decided && onsetOf(watch, decided.decision);
  if (!watch || !onset) return [];
  const { firstBad, crossed, metric, tolerate } = onset;
  const entry = (at: number, happening: Happening): TimelineEntry => ({
    at,
    actor: 'guard',
    operation: watch.operation,
    happening,
  });
  const counts = (arm: 'canary' | 'baseline'): Counted =>
    firstBad ? metricOf(metric).count(firstBad[arm], watch.state.thresholds) : { bad: 0, of: 0 };
  return [
    ...(firstBad
      ? [entry(firstBad.at, { what: 'first-bad', metric, bad: counts('canary'), stable: counts('baseline'), tolerate })]
      : []),
    ...(crossed
      ? [entry(crossed.at, { what: 'crossed', metric, logE: crossed.state.highest, bar: Math.log(1 / watch.policy.alpha) })]
      : []),
  ];
}

function noteEntry({ at, actor, text }: Note): TimelineEntry {
  return { at, actor, operation: null, happening: { what: 'note', text } };
}
