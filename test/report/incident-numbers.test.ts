import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ArmDelta, Decision, MetricEvidence } from '../../src/model/evidence.ts';
import { latencyBuckets } from '../../src/model/hosting.ts';
import type { OperationEvent } from '../../src/model/operation.ts';
import { readIncident } from '../../src/record/incident.ts';
import { duration } from '../../src/report/duration.ts';
import { incidentMarkdown } from '../../src/report/incident-markdown.ts';
import { count, percent } from '../../src/report/number.ts';
import type { Store } from '../../src/store/store.ts';
import { guardAbort, killedAndResumed, undecidedAbort } from '../record/sample-incidents.ts';

type Arm = 'canary' | 'baseline';

const time = (at: number): string => new Date(at).toISOString().slice(11, 23);
const odds = (logE: number): string => count(Math.exp(Math.min(20, logE)));
const rate = (bad: number, of: number): string =>
  of === 0 ? 'none counted' : `${count(bad)} of ${count(of)} (${percent(bad / of)})`;
const counted = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;
const sum = (numbers: readonly number[]): number => numbers.reduce((all, each) => all + each, 0);

/** Every number that the report of a guarded canary must show, computed from the rows, in the words that stand around it. */
async function expectations(store: Store): Promise<readonly string[]> {
  const journal = (await store.read.selectFrom('journal').selectAll().orderBy('sequence').execute()).map(
    ({ operation, at, data }) => ({ operation, at, event: JSON.parse(data) as OperationEvent }),
  );
  const history = await store.read.selectFrom('history').selectAll().orderBy('sequence').execute();
  const all = <Kind extends OperationEvent['kind']>(kind: Kind, operation?: string) =>
    journal.flatMap((row) =>
      row.event.kind === kind && (operation ?? row.operation) === row.operation
        ? [{ ...row, event: row.event as Extract<OperationEvent, { kind: Kind }> }]
        : [],
    );
  const one = <Value>(values: readonly Value[], which = 0): Value => values.at(which) ?? assert.fail('the run has no such row');
  const deploy = one(all('created').filter(({ event }) => event.plan.to === '1.3.0'));
  const back = one(all('created').filter(({ event }) => event.plan.kind === 'abort'));
  const decided = one(all('decided', deploy.operation));
  const { decision } = decided.event;
  const shares = history.filter(({ kind, version }) => kind === 'share' && version === '1.3.0');
  const [exposed, ended] = [one(shares), one(shares.filter(({ share }) => share === 0))];
  const safe = one(all('step-done', back.operation)).at;
  const verified = one(all('step-done', back.operation), -1).at;
  const guarded = one(all('guarded', deploy.operation));
  const evidence = all('evidence', deploy.operation);
  const last = one(evidence, -1);
  const intervals = evidence.map(({ event }) => event.interval);
  const { policy } = guarded.event;
  const threshold = guarded.event.state.thresholds['latency-p90'] as number;

  const over = (arm: Arm, pick: (delta: ArmDelta) => number): number => sum(intervals.map((interval) => pick(interval[arm])));
  const slow = ({ latency }: ArmDelta): number => sum(latency.filter((_, bucket) => bucket > threshold));
  const failed = (delta: ArmDelta): number => delta.errors + delta.unanswered;
  const labelled = (delta: ArmDelta): number => delta.right + delta.wrong;
  const harms = [
    ['errors', failed, (delta: ArmDelta) => delta.requests],
    ['wrong answers', (delta: ArmDelta) => delta.wrong, labelled],
    ['slow answers', slow, (delta: ArmDelta) => sum(delta.latency)],
  ] as const;
  const harmLines = harms.flatMap(([name, badOf, allOf]) => {
    const [bad, of, stableBad, stableOf] = [
      over('canary', badOf),
      over('canary', allOf),
      over('baseline', badOf),
      over('baseline', allOf),
    ];
    const excess = of === 0 || stableOf === 0 ? null : bad - (of * stableBad) / stableOf;
    return [
      `| ${name} | ${rate(bad, of)} | ${rate(stableBad, stableOf)} | ${excess === null ? 'not known' : `about ${count(excess)} (estimate)`} |`,
      ...(excess !== null && excess > 0
        ? [
            `- ${name} of 1.3.0: ${rate(bad, of)}, of 1.2.0: ${rate(stableBad, stableOf)}; about ${count(excess)} more than expected (estimate)`,
          ]
        : []),
    ];
  });
  const labels = {
    bad: over('canary', (delta) => delta.wrong),
    of: over('canary', labelled),
    stable: over('baseline', (delta) => delta.wrong) / over('baseline', labelled),
  };

  return [
    decision.because,
    `**Duration**: ${duration(verified - exposed.at)} (from the first share`,
    `to detect ${duration(decided.at - exposed.at)} (first share`,
    `to decide ${duration(back.at - decided.at)} (decision`,
    `to safe ${duration(safe - back.at)} (operation`,
    `to verified ${duration(verified - safe)} (after`,
    `went back to 1.2.0 in ${duration(safe - back.at)}`,
    `| requests that reached it | ${count(ended.requests ?? NaN)} |`,
    `${count(ended.requests ?? NaN)} requests reached 1.3.0; ${
      decision.verdict === 'regressed'
        ? `wrong answers: ${rate(labels.bad, labels.of)} against ${percent(labels.stable)} of 1.2.0`
        : `errors: ${rate(
            0,
            over('canary', ({ requests }) => requests),
          )} against 0% of 1.2.0`
    }`,
    `| requests while the guard watched | ${count(over('canary', ({ requests }) => requests))} | ${count(over('baseline', ({ requests }) => requests))} |`,
    `| answered | ${count(over('canary', ({ requests, unanswered }) => requests - unanswered))} |`,
    `without an answer: ${count(over('canary', ({ unanswered }) => unanswered))}; answered with a 5xx: ${count(over('canary', ({ errors }) => errors))} |`,
    ...harmLines,
    `slower than ${Number((latencyBuckets[threshold] ?? NaN).toPrecision(4))} ms, twice the 90th percentile before the canary (at least 10 ms more)`,
    `The guard saw ${count(intervals.length)} intervals, ${time(one(intervals).from)} to ${time(one(intervals, -1).to)} UTC`,
    `${counted(intervals.length, 'interval')}, in`,
    `from ${count(last.event.state.consumed)} intervals after`,
    `Fused over all metrics: ${odds(decision.logE)} to 1 of the ${odds(decision.bar)} to 1`,
    `Requests of 1.3.0: ${count(decision.exposure.had)} of the ${count(decision.exposure.needed)} that`,
    `chance of a false one at most ${percent(policy.alpha)}`,
    `chance of a false rollback at most ${percent(policy.alpha)}`,
    `${policy.tolerate} times the rate of 1.2.0 being`,
    ...decision.metrics.filter(({ canary, baseline }) => canary.of + baseline.of > 0).map(metricLine),
    ...(decision.verdict === 'regressed' ? onsetLines() : lackingLines(decision)),
    ...[
      deploy,
      back,
      decided,
      guarded,
      ...all('step-done', deploy.operation),
      ...all('step-done', back.operation),
      ...all('claimed', back.operation),
    ].map(({ at }) => `- ${time(at)}: `),
    ...all('claimed', back.operation).flatMap((claim) => [
      `its last journal entry ${duration(claim.at - one(all('intended', back.operation)).at)} before`,
      `seen by the process that took over, and begun after ${duration(one(all('intended', back.operation)).at - back.at)}`,
    ]),
    ...lateLines(),
  ];

  function metricLine({ canary, baseline, logE, bar, share }: MetricEvidence): string {
    return `| ${rate(canary.bad, canary.of)} | ${rate(baseline.bad, baseline.of)} | ${odds(logE)} to 1 | ${odds(bar)} to 1 | ${percent(share)} |`;
  }

  function onsetLines(): readonly string[] {
    const begun = one(
      evidence.filter(
        ({ event: { interval } }) => interval.canary.wrong / labelled(interval.canary) > policy.tolerate * labels.stable,
      ),
    );
    const { canary, baseline } = begun.event.interval;
    const crossed = one(evidence.filter(({ event }) => event.state.highest >= Math.log(1 / policy.alpha)));
    return [
      `- ${time(begun.at)}: first bad interval: wrong answers ${rate(canary.wrong, labelled(canary))}, above ${policy.tolerate} times the rate of the stable version over all intervals, ${rate(baseline.wrong, labelled(baseline))} in this one`,
      `- ${time(crossed.at)}: the evidence is enough: ${odds(crossed.event.state.highest)} to 1, ${odds(Math.log(1 / policy.alpha))} to 1 needed`,
      `${rate(labels.bad, labels.of)} of the labelled answers were wrong`,
    ];
  }

  function lackingLines({ exposure, logE }: Decision): readonly string[] {
    return [
      `requests for a pass: ${exposure.had} of ${exposure.needed}`,
      `evidence for a rollback: ${odds(logE)} to 1 of the ${odds(Math.log(1 / policy.alpha))} to 1 that are needed`,
    ];
  }

  function lateLines(): readonly string[] {
    const [before, after] = [guarded.event.reading.labels, last.event.reading.labels];
    const late = after.late - before.late;
    return late > 0
      ? [`${count(late)} labels arrived after the wait and did not count (${count(after.scored - before.scored)} did)`]
      : [];
  }
}

/** What has digits and is no number of the run: names, dates, commands, what the plan and the bundles say. */
const names = [
  /sha256:[0-9a-f]+/g,
  /`[^`]*`/g,
  /\d{4}-\d\d-\d\d[ T][\d:.]+Z?( UTC)?/g,
  /\b1\.[23]\.0\b/g,
  /\| (file|configuration|environment|measured|traffic|pointer) .*\n/g,
  /INC-1/g,
  /operation ab0rt1/g,
  /process \d+ (on vm1|was gone)/gi,
  /run-2210/g,
  /traffic is .*%/g,
  /2 copies( and 10 requests)?/g,
  /1 breaking change and 1 migration/g,
  /a 5xx/g,
  /over twice the \d+th percentile/g,
];

for (const [name, make] of Object.entries({
  'guard abort': guardAbort,
  'killed and resumed': killedAndResumed,
  'undecided abort': undecidedAbort,
})) {
  test(`every number of the report of the run ${name} is the one that the rows give`, async (t) => {
    const { store } = await make(t);
    const report = incidentMarkdown(await readIncident(store.read, '1'), { chart: null });
    let rest = report;
    const wanted = (await expectations(store)).toSorted((one, other) => other.length - one.length);
    for (const words of wanted) {
      assert.ok(report.includes(words), `the report has no "${words}":\n${report}`);
      rest = rest.replaceAll(words, '');
    }
    for (const pattern of names) rest = rest.replaceAll(pattern, '');
    assert.deepEqual(
      rest.split('\n').filter((line) => /\d/.test(line)),
      [],
      'every digit was expected',
    );
  });
}
