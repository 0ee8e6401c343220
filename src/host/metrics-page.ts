import { type ArmCounters, latencyBuckets } from '../model/hosting.ts';

/** What is told of a service to whoever scrapes it. */
export interface Told {
  readonly service: string;
  readonly arms: Readonly<Record<string, ArmCounters>>;
  readonly weights: Readonly<Record<string, number>>;
  readonly ready: Readonly<Record<string, number>>;
  readonly refused: number;
}

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [suffix: string, labels: Labels, value: number];

/** The counters of a service in Prometheus' text format, version 0.0.4: what the guard sees, for everybody to see. */
export function metricsPage({ service, arms, weights, ready, refused }: Told): string {
  const each = (value: (arm: ArmCounters) => number): readonly Sample[] =>
    Object.entries(arms).map(([version, arm]) => ['', { service, version }, value(arm)]);
  const gauges = (values: Readonly<Record<string, number>>): readonly Sample[] =>
    Object.entries(values).map(([version, value]) => ['', { service, version }, value]);
  return [
    ...metric(
      'sofare_requests_total',
      'counter',
      'Requests that were answered, or got no answer.',
      each((arm) => arm.requests),
    ),
    ...metric(
      'sofare_request_errors_total',
      'counter',
      'Answers of the model with a 5xx.',
      each((arm) => arm.errors),
    ),
    ...metric(
      'sofare_requests_unanswered_total',
      'counter',
      'Requests that got no answer.',
      each((arm) => arm.unanswered),
    ),
    ...metric(
      'sofare_requests_aborted_total',
      'counter',
      'Requests whose client went away first.',
      each((arm) => arm.aborted ?? 0),
    ),
    ...metric(
      'sofare_copies_ended_total',
      'counter',
      'Copies that ended though nobody had told them to.',
      each((arm) => arm.ended ?? 0),
    ),
    ...metric('sofare_labels_total', 'counter', 'Answers that were compared with their label.', [
      ...Object.entries(arms).flatMap(([version, { labels }]): readonly Sample[] => [
        ['', { service, version, answer: 'right' }, labels.right],
        ['', { service, version, answer: 'wrong' }, labels.wrong],
      ]),
    ]),
    ...metric(
      'sofare_request_duration_seconds',
      'histogram',
      'Time to the last byte of an answer.',
      Object.entries(arms).flatMap(([version, { latency }]) => histogram({ service, version }, latency)),
    ),
    ...metric('sofare_requests_refused_total', 'counter', 'Requests that found no version that could answer.', [
      ['', { service }, refused],
    ]),
    ...metric('sofare_version_share', 'gauge', 'Share of the traffic in percent.', gauges(weights)),
    ...metric('sofare_copies_ready', 'gauge', 'Copies that are ready.', gauges(ready)),
  ].join('');
}

/** Buckets in seconds that hold what is at or under their edge. The sum of all times is not kept, and so not told. */
function histogram(labels: Labels, latency: readonly number[]): readonly Sample[] {
  let reached = 0;
  const buckets = latency.map((count, index): Sample => {
    reached += count;
    const edge = latencyBuckets[index];
    return ['_bucket', { ...labels, le: edge === undefined ? '+Inf' : String(Number((edge / 1_000).toPrecision(6))) }, reached];
  });
  return [...buckets, ['_count', labels, reached]];
}

function metric(name: string, type: string, help: string, samples: readonly Sample[]): readonly string[] {
  if (samples.length === 0) return [];
  return [
    `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`,
    ...samples.map(([suffix, labels, value]) => `${name}${suffix}{${written(labels)}} ${value}\n`),
  ];
}

function written(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`)
    .join(',');
}
