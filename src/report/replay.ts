import type { Replay, ReplayedRule } from '../decide/replay.ts';
import type { Recording } from '../model/recording.ts';
import { documentOf } from './document.ts';
import { duration } from './duration.ts';
import { lineOf, paragraph } from './line.ts';
import { count, measured } from './number.ts';
import type { Paper } from './paper.ts';
import { printed } from './screen.ts';
import { table } from './table.ts';

/** The run itself stands in it too, so that it can be kept and decided again. */
export function replayDocument(recording: Recording, replayed: Replay): string {
  return documentOf('replay', { ...replayed, recording });
}

/** When each rule would have acted, and why. */
export function replayText(recording: Recording, replayed: Replay, paper: Paper): string {
  const { intervals, version, stable } = recording;
  const [first, last] = [intervals[0], intervals.at(-1)];
  const sum = (arm: 'canary' | 'baseline'): number => intervals.reduce((total, each) => total + each[arm].requests, 0);
  const rows = replayed.rules.map((rule) => ({
    icon: { icon: rule.action === 'stands' ? ('done' as const) : ('failed' as const) },
    cells: [
      nameOf(rule, replayed),
      rule.action === 'stands' ? 'never' : rule.action,
      rule.fired ? duration(rule.fired.after) : '',
      rule.fired ? count(rule.fired.requests) : '',
    ],
    below: rule.because,
  }));
  return printed([
    lineOf(
      paper,
      `${version} beside ${stable}   ${count(intervals.length)} intervals, ${duration((last?.to ?? 0) - (first?.from ?? 0))}   ${count(sum('canary'))} and ${count(sum('baseline'))} requests`,
    ),
    ...table(
      paper,
      [
        { title: 'rule', gives: true },
        { title: 'acts' },
        { title: 'after', side: 'right' },
        { title: 'its requests', side: 'right' },
      ],
      rows,
    ),
    ...dispersionLines(replayed, paper),
  ]);
}

function nameOf({ kind }: ReplayedRule, { policy, threshold }: Replay): string {
  const succeeds = `success at least ${percent(1 - threshold)}, 3 failures allowed`;
  switch (kind) {
    case 'sofare':
      return [
        `sofare: alpha ${percent(policy.alpha)}, ${measured(policy.tolerate)} times tolerated`,
        ...(typeof policy.limit === 'number' ? [`limit ${percent(policy.limit)}`] : []),
        ...((policy.dispersion ?? 1) === 1 ? [] : [`dispersion ${measured(policy.dispersion ?? 1)}`]),
      ].join(', ');
    case 'argo-1m':
      return `Argo, each minute: ${succeeds}`;
    case 'argo-5m':
      return `Argo, over 5 minutes: ${succeeds}`;
    case 'threshold':
      return `any interval over ${percent(threshold)}`;
  }
}

/** A rate that somebody wrote: `1%`, `0.05%`. */
function percent(rate: number): string {
  return `${measured(100 * rate)}%`;
}

/** Said only where bursts would break the bound. */
function dispersionLines({ dispersion, policy }: Replay, paper: Paper): readonly string[] {
  if (dispersion === null || dispersion <= Math.max(1.5, policy.dispersion ?? 1)) return [];
  return paragraph(
    paper,
    [{ icon: 'warning' }, ' '],
    `errors of the stable version come in bursts: their counts vary ${measured(dispersion)} times as much as single ones would. --dispersion ${Math.ceil(dispersion)} counts each burst once`,
  );
}
