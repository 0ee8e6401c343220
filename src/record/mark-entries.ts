import type { HistoryEvent } from '../model/history.ts';
import type { Marks } from './incident-view.ts';
import { type Chapter, isUndecided, sidesOf, type Story } from './story.ts';
import type { TimelineEntry } from './happening.ts';

/** Hold and quarantine as this operation set them, their first lifting after it, and what was said of the bad version while it served. */
export function markEntries({ history, own }: Story, chapters: readonly Chapter[]): readonly TimelineEntry[] {
  const { bad } = sidesOf(own);
  const first = chapters[0]?.operation.createdAt ?? own.operation.createdAt;
  const mine = history.filter(({ operation }) => operation === own.operation.id);
  const after = history.slice(mine[0] ? history.indexOf(mine[0]) : history.length);
  const lifted = [
    after.find(({ kind }) => kind === 'unheld'),
    after.find(({ kind, version }) => kind === 'unquarantined' && version === bad),
  ];
  const judged = history.filter(
    ({ kind, version, at }) =>
      (kind === 'baked' || kind === 'regressed') && version === bad && at >= first && at <= own.operation.createdAt,
  );
  return [...judged, ...mine, ...(isUndecided(own) ? [] : lifted)].flatMap((event) => (event ? entryOf(event) : []));
}

function entryOf(event: HistoryEvent): readonly TimelineEntry[] {
  const { at, actor, operation, version, kind } = event;
  const because = event.evidence ?? event.reason;
  switch (kind) {
    case 'held':
      return [{ at, actor, operation, happening: { what: 'marked', mark: 'hold', version: null, because } }];
    case 'quarantined':
      return [{ at, actor, operation, happening: { what: 'marked', mark: 'quarantine', version, because } }];
    case 'unheld':
      return [{ at, actor, operation, happening: { what: 'lifted', mark: 'hold', version: null, because } }];
    case 'unquarantined':
      return [{ at, actor, operation, happening: { what: 'lifted', mark: 'quarantine', version, because } }];
    case 'baked':
    case 'regressed':
      return [{ at, actor, operation, happening: { what: 'judged', version: version ?? '', as: kind, because } }];
    case 'share':
    case 'pointed':
    case 'verified':
      return [];
  }
}

export function marksOf({ history, own, hold, quarantined }: Story): Marks {
  const mine = history.filter(({ operation }) => operation === own.operation.id);
  const held = mine.some(({ kind }) => kind === 'held');
  const banned = mine.some(({ kind }) => kind === 'quarantined');
  return { held, holdStands: hold !== null, quarantined: banned, quarantineStands: quarantined };
}
