import * as v from 'valibot';
import { fail } from '../model/errors.ts';
import { noThresholds, type Recording } from '../model/recording.ts';
import { recordingFromCsv } from './recording-csv.ts';

const longest = 86_400_000;
const count = v.pipe(v.number(), v.finite(), v.minValue(0));
const pairs = v.optional(v.object({ of: count, wrong: count, alone: count }));
const arm = v.pipe(
  v.object({
    requests: count,
    errors: count,
    unanswered: count,
    latency: v.array(count),
    right: count,
    wrong: count,
    sent: v.optional(count),
    units: v.optional(
      v.object({
        seen: count,
        bad: count,
        reached: v.optional(v.array(count)),
        labelled: v.optional(count),
        wrong: v.optional(count),
        pairs,
      }),
    ),
    pairs,
    copies: v.optional(v.object({ ended: count, seconds: count })),
  }),
  v.check(({ requests, errors, unanswered }) => errors + unanswered <= requests, 'more bad requests than requests'),
);
const bucket = v.nullable(v.pipe(count, v.integer()));
const fraction = v.pipe(v.number(), v.gtValue(0), v.ltValue(1));
const recording = v.object({
  version: v.string(),
  stable: v.string(),
  policy: v.optional(
    v.nullable(
      v.object({
        alpha: fraction,
        tolerate: v.pipe(v.number(), v.minValue(1)),
        deadline: count,
        onUndecided: v.picklist(['pause', 'abort']),
        detect: v.pipe(v.number(), v.gtValue(1)),
        smallestRate: fraction,
        warmup: count,
        interval: count,
        limit: v.optional(v.nullable(fraction)),
        dispersion: v.optional(v.pipe(v.number(), v.minValue(1)), 1),
        estimated: v.optional(v.boolean()),
        baseline: v.optional(v.picklist(['stable', 'fresh'])),
        restarts: v.optional(v.nullable(v.pipe(v.number(), v.gtValue(0)))),
        paired: v.optional(v.boolean()),
      }),
    ),
    null,
  ),
  thresholds: v.optional(v.object({ 'latency-p50': bucket, 'latency-p90': bucket, 'latency-p99': bucket }), noThresholds),
  intervals: v.pipe(
    v.array(
      v.object({
        id: v.optional(count, 0),
        from: v.number(),
        to: v.number(),
        canary: arm,
        baseline: arm,
        share: v.optional(fraction),
        rest: v.optional(v.object({ share: fraction, given: count })),
      }),
    ),
    v.minLength(1, 'at least one interval'),
    v.check(
      (all) => all.every(({ from, to }, index) => to > from && to - from <= longest && from >= (all[index - 1]?.to ?? -Infinity)),
      'intervals one after the other, none longer than a day',
    ),
  ),
});

/**
 * Reads a recorded run: a document of `sofare guard --replay -o json` (its `recording`), or a CSV of intervals. Fails with usage, naming the
 * place.
 */
export function readRecording(text: string, file: string): Recording {
  if (!/^\s*[{[]/.test(text)) return recordingFromCsv(text, file);
  const refuse = (why: string): never =>
    fail({
      code: 'usage',
      what: `${file} is not a recorded run`,
      why,
      touched: 'no',
      next: 'sofare guard --replay OPERATION -o json writes one; docs/guard.md has the columns of a CSV',
    });
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    return refuse(`it is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const inner = typeof document === 'object' && document !== null && 'recording' in document ? document.recording : document;
  const result = v.safeParse(recording, inner);
  if (result.success) return result.output as Recording;
  const [issue] = result.issues;
  return refuse(`${v.getDotPath(issue) ?? 'its root'}: ${issue.message}`);
}
