import { type CounterSample, latencyOf } from '../../model/counting.ts';
import type { ArmCounters, CountersReading } from '../../model/hosting.ts';
import type { Exported } from './counter-answer.ts';

/**
 * What processes export, as a reading; null: nothing of one scrape. A process that was scraped while it was asked for has counters of two
 * times, such as more errors than requests: it is left out, and what it counted comes with the next reading.
 */
export function readingFrom(exported: Iterable<Exported>, at: number): CountersReading | null {
  const whole = [...exported].filter((each) => isOfOneScrape(each));
  const samples = whole.flatMap(samplesOf);
  if (samples.length === 0) return null;
  const arms: Record<string, ArmCounters> = {};
  for (const { version, values } of whole) arms[version] = together(arms[version], armOf(values));
  const labels = { scored: 0, unknown: 0, duplicate: 0, late: 0, malformed: 0 };
  return { at, epoch: 0, arms, labels, refused: 0, samples };
}

function isOfOneScrape({ at }: Exported): boolean {
  const times = Object.values(at);
  return at.requests !== undefined && times.every((time) => time === at.requests);
}

function samplesOf({ version, instance, at, values }: Exported): readonly CounterSample[] {
  return Object.entries(values).map(([kind, value]) => ({
    series: `${version} ${instance} ${kind}`,
    instance,
    version,
    kind,
    at: at.requests ?? 0,
    value,
  }));
}

function armOf(values: Readonly<Record<string, number>>): ArmCounters {
  const of = (kind: string): number => values[kind] ?? 0;
  return {
    requests: of('requests'),
    errors: of('errors'),
    unanswered: of('unanswered'),
    latency: latencyOf(values),
    labels: { right: of('right'), wrong: of('wrong') },
  };
}

function together(one: ArmCounters | undefined, other: ArmCounters): ArmCounters {
  if (!one) return other;
  return {
    requests: one.requests + other.requests,
    errors: one.errors + other.errors,
    unanswered: one.unanswered + other.unanswered,
    latency: one.latency.map((count, bucket) => count + (other.latency[bucket] ?? 0)),
    labels: { right: one.labels.right + other.labels.right, wrong: one.labels.wrong + other.labels.wrong },
  };
}
