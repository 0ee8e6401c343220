import { test } from 'node:test';
import { join } from 'node:path';
import { readIncident } from '../../src/record/incident.ts';
import { chartSvg } from '../../src/report/chart.ts';
import { incidentChart } from '../../src/report/incident-chart.ts';
import { incidentHtml } from '../../src/report/incident-html.ts';
import { incidentDocument } from '../../src/report/incident-json.ts';
import { incidentMarkdown } from '../../src/report/incident-markdown.ts';
import { incidentText } from '../../src/report/incident-text.ts';
import { byHand, guardAbort, killedAndResumed, undecided } from '../record/sample-incidents.ts';

const asItIs = { serializers: [(value: unknown) => String(value)] };

for (const [name, make] of Object.entries({
  'guard-abort': guardAbort,
  'by-hand': byHand,
  'killed-and-resumed': killedAndResumed,
  undecided,
})) {
  test(`the incident report of the run ${name} looks as it did, in every medium`, async (t) => {
    const { store } = await make(t);
    const incident = await readIncident(store.read, 'INC-1');
    const golden = (ending: string): string => join(import.meta.dirname, 'incidents', `${name}.${ending}`);
    t.assert.fileSnapshot(incidentMarkdown(incident, { chart: 'INC-1.svg' }), golden('md'), asItIs);
    t.assert.fileSnapshot(incidentHtml(incident), golden('html'), asItIs);
    t.assert.fileSnapshot(incidentDocument(incident), golden('json'), asItIs);
    t.assert.fileSnapshot(chartSvg(incidentChart(incident), { alone: true }), golden('svg'), asItIs);
    t.assert.fileSnapshot(incidentText(incident, { width: 100, color: false, unicode: true, now: 0 }), golden('txt'), asItIs);
  });
}
