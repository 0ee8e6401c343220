import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ProblemError } from '../../src/model/errors.ts';
import { readRecording } from '../../src/record/recording-file.ts';
import { replay } from '../../src/decide/replay.ts';
import { replayDocument } from '../../src/report/replay.ts';
import { recordedRun } from '../report/sample-replay.ts';

const head = 'at,canary,canary_bad,stable,stable_bad';

/** Why a text is refused. */
function refusal(text: string): string {
  try {
    readRecording(text, 'run');
  } catch (error) {
    assert.ok(error instanceof ProblemError);
    assert.deepEqual([error.problem.code, error.problem.touched], ['usage', 'no']);
    return `${error.problem.what}: ${error.problem.why}`;
  }
  return 'taken';
}

test('a CSV of intervals is read, its columns in any order, times as ISO 8601 or seconds', () => {
  const { intervals } = readRecording(
    `stable,at,canary,stable_bad,canary_bad,share\n90,60,10,1,2,0.1\n91,120,11,0,0,0.1\n\n`,
    'run',
  );
  assert.equal(intervals.length, 2);
  const [first, second] = intervals;
  assert.deepEqual([first?.from, first?.to, second?.from, second?.to], [0, 60_000, 60_000, 120_000]);
  assert.deepEqual([first?.canary.requests, first?.canary.errors, first?.baseline.errors, first?.share], [10, 2, 1, 0.1]);
  const iso = readRecording(`\ufeff${head}\r\n2026-11-25T12:00:00Z,1,0,9,0\r\n2026-11-25T12:01:00Z,1,0,9,0\r\n`, 'run');
  assert.equal((iso.intervals[1]?.to ?? 0) - (iso.intervals[1]?.from ?? 0), 60_000);
});

test('what the screen says as JSON is a recorded run again', () => {
  const text = replayDocument(recordedRun, replay(recordedRun, {}, 0.05));
  assert.deepEqual(readRecording(text, 'run'), recordedRun);
});

test('each kind of damage is refused at its place', () => {
  for (const [text, why] of [
    ['', /line 1.*column at, canary/],
    ['at,canary\n', /column canary_bad, stable, stable_bad is missing/],
    [`${head},extra\n`, /column extra is unknown/],
    [`${head}\n`, /no line of numbers/],
    [`${head}\n60,1,0,9,0\n60,1,0,9,0\n`, /line 3.*does not grow/],
    [`${head}\n60,1,2,9,0\n`, /line 2.*canary_bad is more than canary/],
    [`${head}\n60,-1,0,9,0\n`, /line 2.*canary is -1/],
    [`${head}\n60,NaN,0,9,0\n`, /canary is NaN/],
    [`${head}\n60,1,0,9\n`, /stable_bad is empty/],
    [`${head}\nsoon,1,0,9,0\n`, /neither a time nor a number/],
    [`${head}\n60,1,0,9,0\n1e300,1,0,9,0\n`, /longer than a day/],
    [`${head},share\n60,1,0,9,0,1\n`, /share is not between/],
    ['{', /not JSON/],
    ['{}', /version/],
    ['[]', /not a recorded run/],
    ['{"version":"a","stable":"b","intervals":[]}', /at least one interval/],
  ] as const)
    assert.match(refusal(text), why);
});

test('no text makes it fail in any other way', () => {
  const line = fc.array(fc.oneof(fc.string(), fc.double().map(String)), { maxLength: 7 }).map((cells) => cells.join(','));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 5 }), fc.boolean(), (lines, headed) => {
      refusal([...(headed ? [head] : []), ...lines].join('\n'));
    }),
  );
  fc.assert(fc.property(fc.json(), (text) => refusal(text) !== ''));
});
