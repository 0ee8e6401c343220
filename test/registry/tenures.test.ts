import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { HistoryEvent } from '../../src/model/history.ts';
import { tenures } from '../../src/registry/tenures.ts';
import { historyOf } from './fixture.ts';

const share = (version: string, percent: number, requests: number | null = null): Partial<HistoryEvent> => ({
  version,
  share: percent,
  requests,
});
const said = (kind: HistoryEvent['kind'], version: string): Partial<HistoryEvent> => ({ kind, version });

test('a version that was replaced has a beginning, an end and its requests at 100 %', () => {
  const events = historyOf(
    share('1.0.0', 100, 0),
    said('verified', '1.0.0'),
    said('baked', '1.0.0'),
    share('1.0.0', 0, 900),
    share('1.1.0', 100, 5),
  );
  const [now, before] = tenures(events, 'share');
  assert.deepEqual(before, {
    version: '1.0.0',
    since: 1000,
    until: 4000,
    fullSince: 1000,
    fullUntil: 4000,
    fullStretches: [{ since: 1000, until: 4000, requests: 900 }],
    highestShare: 100,
    requests: 900,
    verified: true,
    baked: true,
    regressed: false,
    quarantinedSince: false,
    source: 'witnessed',
    operation: null,
  });
  assert.deepEqual([now?.version, now?.until, now?.fullUntil, now?.requests], ['1.1.0', null, null, 0]);
});

test('a canary that was aborted never held 100 %, and the stable version goes on with two stretches', () => {
  const events = historyOf(
    share('1.2.0', 100, 0),
    share('1.3.0', 10, 0),
    share('1.2.0', 90, 500),
    share('1.3.0', 0, 40),
    share('1.2.0', 100, 800),
    { ...said('verified', '1.2.0'), requests: 850 },
  );
  const [canary, stable] = tenures(events, 'share');
  assert.deepEqual([canary?.version, canary?.fullSince, canary?.highestShare, canary?.until], ['1.3.0', null, 10, 4000]);
  assert.deepEqual(stable?.fullStretches, [
    { since: 5000, until: null, requests: 50 },
    { since: 1000, until: 3000, requests: 500 },
  ]);
  assert.deepEqual(
    [stable?.since, stable?.until, stable?.fullSince, stable?.fullUntil, stable?.requests],
    [1000, null, 1000, null, 550],
  );
});

test('a version that came back has two tenures, and what was said counts for the one it was said in', () => {
  const events = historyOf(
    share('1.0.0', 100),
    said('verified', '1.0.0'),
    share('1.0.0', 0),
    share('1.0.0', 100),
    share('1.0.0', 0),
    said('regressed', '1.0.0'),
  );
  const [second, first] = tenures(events, 'share');
  assert.deepEqual([first?.verified, first?.regressed], [true, false]);
  assert.deepEqual([second?.verified, second?.regressed], [false, true]);
});

test('a quarantine spoils what was before it, also when it was lifted, and nothing after it', () => {
  const events = historyOf(
    share('1.0.0', 100),
    share('1.0.0', 0),
    said('quarantined', '1.0.0'),
    said('unquarantined', '1.0.0'),
    share('1.0.0', 100),
    said('quarantined', '2.0.0'),
  );
  assert.deepEqual(
    tenures(events, 'share').map(({ quarantinedSince }) => quarantinedSince),
    [false, true],
  );
});

test('requests are not known where nobody counted, and a counter that began anew still tells the least', () => {
  assert.equal(tenures(historyOf(share('1.0.0', 100), share('1.0.0', 0)), 'share')[0]?.requests, null);
  assert.equal(tenures(historyOf(share('1.0.0', 100, 5000), share('1.0.0', 0, 70)), 'share')[0]?.requests, 70);
});

test('the pointer stands for 100 % where nothing is served: it is held until it moves on', () => {
  const events = historyOf(said('pointed', '1.0.0'), share('9.9.9', 100), said('pointed', '1.1.0'), said('pointed', '1.0.0'));
  const read = tenures(events, 'pointed');
  assert.deepEqual(
    read.map(({ version, fullSince, fullUntil, highestShare }) => ({ version, fullSince, fullUntil, highestShare })),
    [
      { version: '1.0.0', fullSince: 4000, fullUntil: null, highestShare: 100 },
      { version: '1.1.0', fullSince: 3000, fullUntil: 4000, highestShare: 100 },
      { version: '1.0.0', fullSince: 1000, fullUntil: 3000, highestShare: 100 },
    ],
  );
});

test('an attested tenure lies where its times say, however late it was written, and ends nothing that was witnessed', () => {
  const attested = { source: 'attested' as const };
  const events = historyOf(
    { ...share('1.2.0', 100), at: 50_000 },
    { ...share('1.1.0', 100), ...attested, at: 10_000 },
    { ...said('verified', '1.1.0'), ...attested, at: 10_000 },
    { ...share('1.1.0', 0), ...attested, at: 20_000 },
    { ...share('1.2.0', 100), ...attested, at: 30_000 },
    { ...share('1.2.0', 0), ...attested, at: 60_000 },
  );
  for (const kind of ['share', 'pointed'] as const) {
    const read = tenures(
      kind === 'share' ? events : events.map((event) => (event.sequence === 1 ? { ...event, kind: 'pointed' as const } : event)),
      kind,
    );
    assert.deepEqual(
      read.map(({ version, since, until, source }) => [version, since, until, source]),
      [
        ['1.2.0', 50_000, null, 'witnessed'],
        ['1.2.0', 30_000, 60_000, 'attested'],
        ['1.1.0', 10_000, 20_000, 'attested'],
      ],
    );
    assert.equal(read[2]?.verified, true);
  }
});

test('attested times that touch or overlap stay what they were sworn to be, whichever was told first', () => {
  const period = (since: number, until: number): readonly Partial<HistoryEvent>[] => [
    { ...share('1.1.0', 100), source: 'attested', at: since },
    { ...share('1.1.0', 0), source: 'attested', at: until },
  ];
  const read = tenures(historyOf(...period(20, 30), ...period(10, 20), ...period(25, 40)), 'share');
  assert.deepEqual(
    read.map(({ since, until }) => [since, until]),
    [
      [25, 40],
      [20, 30],
      [10, 20],
    ],
  );
});

test('a quarantine of before does not become undone by attesting an earlier time', () => {
  const attested = { source: 'attested' as const };
  const events = historyOf(
    { ...said('quarantined', '1.1.0'), at: 40_000 },
    { ...share('1.1.0', 100), ...attested, at: 10_000 },
    { ...share('1.1.0', 0), ...attested, at: 20_000 },
    { ...share('1.1.0', 100), ...attested, at: 41_000 },
    { ...share('1.1.0', 0), ...attested, at: 42_000 },
  );
  assert.deepEqual(
    tenures(events, 'share').map(({ quarantinedSince }) => quarantinedSince),
    [false, true],
  );
});

test('an imported tenure goes on in what was witnessed, and keeps its source', () => {
  const events = historyOf({ ...share('1.0.0', 100), source: 'imported', at: 5 }, share('1.1.0', 100), share('1.0.0', 0));
  const [, adopted] = tenures(events, 'share');
  assert.deepEqual([adopted?.version, adopted?.source, adopted?.since, adopted?.until], ['1.0.0', 'imported', 5, 3000]);
});

test('a clock that jumped back does not change the order of what was witnessed', () => {
  const events = historyOf(
    { ...share('1.0.0', 100), at: 9000 },
    { ...share('1.0.0', 0), at: 100 },
    { ...share('1.1.0', 100), at: 100 },
  );
  assert.deepEqual(
    tenures(events, 'share').map(({ version }) => version),
    ['1.1.0', '1.0.0'],
  );
});

test('whatever the history, each version has at most one open tenure, none overlaps its own next, and no event is needed that is not there', () => {
  const event = fc.record({
    kind: fc.constantFrom<HistoryEvent['kind'][]>('share', 'pointed', 'verified', 'baked', 'regressed', 'quarantined', 'held'),
    version: fc.constantFrom('1.0.0', '1.1.0', null),
    share: fc.constantFrom(0, 10, 50, 100, null),
    requests: fc.option(fc.nat(100), { nil: null }),
  });
  fc.assert(
    fc.property(
      fc.array(event, { maxLength: 30 }),
      fc.constantFrom<('share' | 'pointed')[]>('share', 'pointed'),
      (told, kind) => {
        const read = tenures(historyOf(...told), kind);
        for (const version of ['1.0.0', '1.1.0']) {
          const own = read.filter((tenure) => tenure.version === version).toReversed();
          for (const [index, tenure] of own.entries()) {
            assert.ok(index === own.length - 1 || tenure.until !== null);
            const next = own[index + 1];
            if (next !== undefined) assert.ok((tenure.until ?? Infinity) <= next.since);
            assert.equal(tenure.fullSince === null, tenure.highestShare < 100);
            for (const stretch of tenure.fullStretches) {
              assert.ok(stretch.since >= tenure.since && (stretch.until ?? 0) <= (tenure.until ?? Infinity));
              assert.ok((stretch.requests ?? 0) >= 0);
            }
          }
        }
        if (kind === 'pointed') assert.ok(read.filter(({ until }) => until === null).length <= 1);
      },
    ),
    { numRuns: 1000 },
  );
});
