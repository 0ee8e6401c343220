import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readIncident } from '../../src/record/incident.ts';
import type { Incident } from '../../src/record/incident-view.ts';
import type { SeriesInterval } from '../../src/record/series.ts';
import { chartSvg } from '../../src/report/chart.ts';
import { binned } from '../../src/report/chart-rates.ts';
import { niceCeiling, timeTicks } from '../../src/report/chart-scale.ts';
import { incidentChart } from '../../src/report/incident-chart.ts';
import { incidentSparklines } from '../../src/report/incident-sparklines.ts';
import { byHand, guardAbort, killedAndResumed } from '../record/sample-incidents.ts';
import { noon } from '../record/sample-store.ts';
import { assertWellFormed } from './markup.ts';

function intervals(number: number): readonly SeriesInterval[] {
  return Array.from({ length: number }, (_, index) => {
    const counts = { bad: { bad: index % 7, of: 20 }, stable: { bad: index % 3, of: 180 } };
    return { from: noon + index * 1_000, to: noon + (index + 1) * 1_000, errors: counts, second: null };
  });
}

function withIntervals(incident: Incident, number: number): Incident {
  const end = noon + number * 1_000;
  const { milestones, series } = incident;
  return {
    ...incident,
    milestones: { ...milestones, detected: end, began: end + 10, safe: end + 60, verified: end + 1_200 },
    series: { ...series, second: null, intervals: intervals(number) },
  };
}

const numbers = (svg: string): readonly number[] =>
  [...svg.matchAll(/[MHV ](-?\d+(?:\.\d+)?)/g)].map(([, number]) => Number(number));

for (const number of [0, 1, 3, 3_000]) {
  test(`a chart of ${number} intervals is whole, small, and inside its frame`, async (t) => {
    const { store } = await guardAbort(t);
    const svg = chartSvg(incidentChart(withIntervals(await readIncident(store.read, '1'), number)), { alone: true });
    assertWellFormed(svg);
    assert.ok(svg.length < 30_000, `${svg.length} bytes`);
    assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
    for (const place of numbers(svg.replaceAll(/<(style|desc|title|text)[^>]*>.*?<\/\1>/g, '')))
      assert.ok(place >= 0 && place <= 760, `${place} lies outside`);
    assert.match(svg, /role="img" aria-labelledby="chart-title chart-desc"/);
    assert.match(svg, /<title id="chart-title">.+<\/title><desc id="chart-desc">.+<\/desc>/);
  });
}

test('neighbours are summed and never picked: no request is lost in a chart', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2_000 }), (number) => {
      const points = intervals(number).map(({ from, to, errors }) => ({ from, to, ...errors }));
      const bins = binned(points);
      const total = (list: typeof points): number =>
        list.reduce((sum, { bad, stable }) => sum + bad.bad + bad.of + stable.bad + stable.of, 0);
      assert.equal(total([...bins]), total(points));
      assert.ok(bins.length <= 160);
    }),
    { numRuns: 50 },
  );
});

test('ticks mark when it was deployed, detected, safe and verified; red is only where the bad version did worse', async (t) => {
  const { store } = await guardAbort(t);
  const incident = await readIncident(store.read, '1');
  const svg = chartSvg(incidentChart(incident), { alone: false });
  for (const label of ['deployed', 'detected', 'safe after 41 ms', 'verified']) assert.match(svg, new RegExp(`>${label}</text>`));
  assert.doesNotMatch(svg, /<style/, 'a page brings the style itself');
  const healthy = {
    ...incident,
    series: {
      ...incident.series,
      second: null,
      intervals: intervals(5).map((interval) => ({
        ...interval,
        errors: { bad: { bad: 0, of: 20 }, stable: { bad: 3, of: 180 } },
      })),
    },
  };
  assert.equal([...chartSvg(incidentChart(healthy), { alone: false }).matchAll(/class="harm"/g)].length, 1, 'the legend alone');
});

test('a takeover has its mark, and a deploy of long ago does not squeeze the rest', async (t) => {
  const [killed, hand] = [await killedAndResumed(t), await byHand(t)];
  assert.match(chartSvg(incidentChart(await readIncident(killed.store.read, '1')), { alone: false }), />taken over<\/text>/);
  const view = incidentChart(await readIncident(hand.store.read, '1'));
  assert.ok(view.to - view.from < 10_000, 'seconds, not days');
  assert.match(chartSvg(view, { alone: false }), />deployed 2d before<\/text>/);
});

test('an axis ends at a round number that holds every value', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.0001, max: 1, noNaN: true }), (value) =>
      assert.ok(niceCeiling(value) >= value * 0.999 && niceCeiling(value) <= value * 2.51),
    ),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3_000_000_000 }), (span) => {
      const ticks = timeTicks(noon, noon + span, 7);
      assert.ok(ticks.length <= 8);
      assert.ok(ticks.every(({ at }) => at >= noon && at <= noon + span));
    }),
  );
});

test('sparklines of both versions share one scale, and fit a line however long the watch was', async (t) => {
  const { store } = await guardAbort(t);
  for (const number of [1, 41, 3_000]) {
    const rows = incidentSparklines(withIntervals(await readIncident(store.read, '1'), number));
    assert.equal(rows.length, 2);
    for (const { line } of rows) assert.ok([...line].length >= 1 && [...line].length <= 40);
  }
});
