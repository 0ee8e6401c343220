import type { Incident } from '../record/incident-view.ts';
import { type Block, paragraph, type Section } from './incident-page.ts';
import { goodOf, metricText, metricWords, oddsText } from './incident-words.ts';
import { count, measured, percent } from './number.ts';
import { ended } from './sentence.ts';

/** What the guard knew, metric by metric; nothing where none watched. */
export function evidenceSection(incident: Incident): Section {
  const { evidence, from } = incident;
  if (evidence === null) return { title: 'Evidence', blocks: [] };
  const { decision, alpha, tolerate, dispersion, intervals, is, lacking } = evidence;
  const seen = decision.metrics.filter(({ canary, baseline }) => canary.of > 0 || baseline.of > 0);
  const blocks: Block[] = [
    paragraph(
      is === 'decided'
        ? `Decision: ${decision.action}, ${decision.verdict}. `
        : 'The guard had not decided when somebody else acted. Until then: ',
      ended(decision.because),
    ),
    paragraph(
      `Fused over all metrics: ${oddsText(decision.logE)} to 1 of the ${oddsText(decision.bar)} to 1 that a rollback needs (chance of a false one at most ${percent(alpha)}), ${measured(tolerate)} times the rate of ${goodOf(incident)} being tolerated, from ${count(intervals)} intervals after the warm-up${dispersion === undefined ? '' : `, ${measured(dispersion)} errors counting as one`}. Requests of ${from}: ${count(decision.exposure.had)} of the ${count(decision.exposure.needed)} that a pass needs.`,
    ),
  ];
  if (seen.length > 0) {
    blocks.push({
      kind: 'table',
      columns: [
        { title: 'metric' },
        { title: from, side: 'right' },
        { title: goodOf(incident), side: 'right' },
        { title: 'evidence', side: 'right' },
        { title: 'alone it needs', side: 'right' },
        { title: 'share', side: 'right' },
      ],
      rows: seen.map((metric) => [
        [metricWords[metric.metric]],
        [metricText(metric.metric, metric.canary)],
        [metricText(metric.metric, metric.baseline)],
        [`${oddsText(metric.logE)} to 1`],
        [`${oddsText(metric.bar)} to 1`],
        [percent(metric.share)],
      ]),
    });
  }
  if (lacking.length > 0)
    blocks.push(paragraph('What was lacking to decide:'), { kind: 'list', items: lacking.map((line) => [line]) });
  return { title: 'Evidence', blocks };
}
