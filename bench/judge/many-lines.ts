import type { Many } from './many.ts';

const queriesAllowed = 50;

/** What was promised of many services, and whether it was kept. */
export function keptByMany({
  queries,
  processor,
  every,
  lag,
  failing,
}: Many): readonly { readonly text: string; readonly met: boolean }[] {
  return [
    { text: `at most ${queriesAllowed} queries in a second`, met: queries.mostInASecond <= queriesAllowed },
    { text: 'less processor than one core has', met: processor < every },
    { text: 'every verdict within one interval', met: lag.most < every },
    { text: 'all that fail are taken back, and no other', met: failing.takenBack === failing.of && failing.healthy === 0 },
  ];
}

export function linesOfMany(many: Many): readonly string[] {
  const { services, countersEach, every, intervals, absent, pinned, queries, processor, memory, lag, age, failing } = many;
  const seconds = (time: number): string => `${(time / 1_000).toFixed(2)} s`;
  return [
    `${services.toLocaleString('en-US')} services, ${countersEach} counters of each version, every ${seconds(every)}, one process${pinned ? ' on one core' : ''}; a stand-in answers as Prometheus would`,
    `  queries        ${queries.perInterval.toFixed(0)} in an interval, at most ${queries.mostInASecond} in a second`,
    `  processor      ${seconds(processor)} in an interval at most; ${memory} MiB`,
    `  verdict        ${seconds(lag.median)} after its interval was due (median), ${seconds(lag.most)} at most; ${seconds(age.median)} after the scrape, ${seconds(age.most)} at most`,
    `  judged         ${intervals.toLocaleString('en-US')} intervals; ${absent} looks found nobody to tell`,
    `  canaries       ${failing.takenBack} of ${failing.of} that began to fail were taken back, after ${seconds(failing.after)} (median); ${failing.healthy} others`,
    ...keptByMany(many).map(({ text, met }) => `  ${met ? '*' : '!'} ${text}`),
  ];
}
