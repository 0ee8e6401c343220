import type { Harm } from '../record/impact.ts';
import type { Incident } from '../record/incident-view.ts';
import { blank, type Block, paragraph, type Section, type Text } from './incident-page.ts';
import { clockText, goodOf, notesOf, rateText } from './incident-words.ts';
import { count, measured, percent } from './number.ts';

/** The damage in one sentence, as far as anybody counted. */
export function impactSentence(incident: Incident): string {
  const { impact, from, milestones, served } = incident;
  if (!served) return 'only the pointer of the registry moved, so sofare saw no request';
  if (milestones.exposed === null) return `${from} never had a share, so no request reached it`;
  const { requests, ownChecks, watched } = impact;
  // In a headline only where they would make little traffic look like some.
  const own = requests !== null && ownChecks * 100 > requests ? `, ${ownChecksText(ownChecks)}` : '';
  const reached =
    requests === null
      ? watched
        ? null
        : `requests that reached ${from} were not counted`
      : `${impact.atLeast ? 'at least ' : ''}${count(requests)} requests reached ${from}${own}`;
  const worst = worstOf(impact.harms);
  const harm =
    watched && worst
      ? `${worst.kind}: ${rateText(worst.bad)}${worst.stable.of === 0 ? '' : ` against ${percent(worst.stable.bad / worst.stable.of)} of ${goodOf(incident)}`}`
      : null;
  const unknown = watched ? null : 'how many of them went wrong was not recorded';
  return [reached, harm, unknown].filter((part) => part !== null).join('; ');
}

/** The kind with the largest excess; errors where none stands out. */
function worstOf(harms: readonly Harm[]): Harm | null {
  const counted = harms.filter(({ bad }) => bad.of > 0);
  return counted.reduce<Harm | null>(
    (worst, each) => (worst === null || (each.excess ?? 0) > (worst.excess ?? 0) ? each : worst),
    null,
  );
}

export function impactSection(incident: Incident): Section {
  const { impact, from, openedAt, milestones, served } = incident;
  const { watched } = impact;
  const blocks: Block[] = served
    ? [{ kind: 'chart' }]
    : [paragraph('Only the pointer of the registry moved: what serves, and what it answered, is not known here.')];
  if (!served) return { title: 'Impact', blocks: [...blocks, ...impactNotes(incident)] };
  if (milestones.exposed === null) blocks.push(paragraph(`${from} never had a share of the traffic.`));
  else
    blocks.push({
      kind: 'table',
      columns: [
        { title: 'what' },
        { title: from, side: 'right' },
        { title: goodOf(incident), side: 'right' },
        { title: 'more than expected', side: 'right' },
        { title: 'how it is known' },
      ],
      rows: rowsOf(incident),
    });
  if (watched) {
    const left = watched.dropped === 0 ? '' : ` ${count(watched.dropped)} more were left out: a counter went backwards.`;
    blocks.push(
      paragraph(
        `The guard saw ${count(watched.intervals)} intervals, ${clockText(watched.from, openedAt)} to ${clockText(watched.to, openedAt)} UTC, warm-up included.${left} "More than expected" is an estimate: observed minus what the rate of ${goodOf(incident)} in the same intervals would have given.`,
      ),
    );
  } else if (milestones.exposed !== null)
    blocks.push(paragraph(`No guard watched ${from}, so its errors, wrong and slow answers were not recorded: `, blank));
  return { title: 'Impact', blocks: [...blocks, ...impactNotes(incident)] };
}

function impactNotes(incident: Incident): readonly Block[] {
  const notes = notesOf(incident, 'impact');
  return notes.length > 0 ? notes : [paragraph('What it meant for users and for the business: ', blank)];
}

function rowsOf(incident: Incident): readonly (readonly Text[])[] {
  const { requests, atLeast, ownChecks, watched, harms } = incident.impact;
  const total = requests === null ? 'not counted' : `${atLeast ? 'at least ' : ''}${count(requests)}`;
  const rows: (readonly Text[])[] = [
    [
      ['requests that reached it'],
      [total],
      [''],
      [''],
      [
        `the proxy's counter, first share to traffic safe${requests === null || ownChecks === 0 ? '' : `; ${ownChecksText(ownChecks)}`}`,
      ],
    ],
  ];
  if (!watched) return rows;
  if (requests === null) rows.pop();
  rows.push([
    ['requests while the guard watched'],
    [count(watched.requests)],
    [count(watched.stableRequests)],
    [''],
    ["the proxy's counters, summed over the guard's intervals"],
  ]);
  rows.push([
    ['answered'],
    [count(watched.answered)],
    [''],
    [''],
    [`without an answer: ${count(watched.unanswered)}; answered with a 5xx: ${count(watched.errors)}`],
  ]);
  return [
    ...rows,
    ...harms.map((harm) => [[harm.kind], [rateText(harm.bad)], [rateText(harm.stable)], [excessText(harm)], [methodOf(harm)]]),
  ];
}

function ownChecksText(ownChecks: number): string {
  return `at least ${count(ownChecks)} of them sofare's own, to verify it`;
}

function excessText({ excess }: Harm): string {
  if (excess === null) return 'not known';
  return `${excess < 0 ? 'none' : `about ${count(excess)}`} (estimate)`;
}

function methodOf({ kind, slowerThan }: Harm): string {
  switch (kind) {
    case 'errors':
      return 'answers with a 5xx and requests left without an answer';
    case 'wrong answers':
      return 'answers whose label arrived while the guard watched and said otherwise';
    case 'slow answers':
      return `slower than ${slowerThan === null ? 'the last bucket' : `${measured(slowerThan)} ms`}, twice the 90th percentile before the canary (at least 10 ms more)`;
  }
}
