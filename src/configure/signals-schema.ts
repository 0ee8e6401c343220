import * as v from 'valibot';
import { isHeader } from '../model/header.ts';
import type { PrometheusSignals, Serving } from '../model/service.ts';

type Duration = v.GenericSchema<string, number>;
type Text = v.GenericSchema<string>;

/** What the local host's own page calls them. */
const own: PrometheusSignals['counters'] = {
  requests: 'sofare_requests_total',
  errors: 'sofare_request_errors_total',
  unanswered: 'sofare_requests_unanswered_total',
  right: 'sofare_labels_total{answer="right"}',
  wrong: 'sofare_labels_total{answer="wrong"}',
  latency: 'sofare_request_duration_seconds_bucket',
};

const selector = /^[a-zA-Z_:][a-zA-Z0-9_:]*(?:\{(?:[^{}"]|"(?:[^"\\]|\\.)*")*\})?$/;
const aCounter = 'a counter such as http_requests_total{code=~"5.."}, by itself: rates and sums are made of it here';
const aHistogram = 'the buckets of a histogram such as http_request_duration_seconds_bucket';
const counter = v.pipe(v.string(aCounter), v.regex(selector, aCounter));
const histogram = v.pipe(
  v.string(aHistogram),
  v.regex(selector, aHistogram),
  v.regex(/^[a-zA-Z0-9_:]*_(?:milli)?seconds_bucket(?:\{|$)/, `${aHistogram}, in seconds or milliseconds by its name`),
);
const label = (name: string) =>
  v.optional(v.pipe(v.string('a label'), v.regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'the name of a label such as version')), name);

/** `signals:`, what versions are judged by: what the traffic path counts, or what a Prometheus has of them. */
export function signalsSchema(duration: Duration, text: Text) {
  return v.pipe(
    v.strictObject({
      errors: v.optional(v.strictObject({ proxy: v.literal('errors', 'errors') })),
      latency: v.optional(v.strictObject({ proxy: v.literal('latency', 'latency') })),
      prometheus: v.optional(prometheusSchema(duration, text)),
    }),
    v.check(
      ({ errors, latency, prometheus }) => prometheus === undefined || (errors === undefined && latency === undefined),
      'prometheus alone, or errors and latency by proxy: both versions are compared over one interval of one source',
    ),
  );
}

function prometheusSchema(duration: Duration, text: Text) {
  return v.pipe(
    v.strictObject({
      address: v.pipe(
        v.string('an address such as http://prometheus:9090'),
        v.check(isAddress, 'an http or https address such as http://prometheus:9090, without a user in it'),
      ),
      headers: v.optional(
        v.array(
          v.pipe(
            v.strictObject({ key: v.string('a name'), value: v.string('a text') }),
            v.check(isHeader, 'a name that is a token, and a value without line ends'),
          ),
          'a list of { key, value }',
        ),
        [],
      ),
      insecure: v.optional(v.boolean('true or false'), false),
      timeout: v.optional(duration, '5s'),
      every: v.optional(
        v.pipe(
          duration,
          v.check((every) => every >= 1_000, 'a duration of at least 1s'),
        ),
        '15s',
      ),
      labels: v.optional(
        v.strictObject({ service: label('service'), version: label('version'), instance: label('instance') }),
        {},
      ),
      service: v.optional(text),
      requests: v.optional(counter),
      errors: v.optional(counter),
      unanswered: v.optional(counter),
      right: v.optional(counter),
      wrong: v.optional(counter),
      latency: v.optional(histogram),
    }),
    v.check(
      ({ requests, errors, ...others }) =>
        (requests === undefined) === (errors === undefined) &&
        (requests !== undefined ||
          [others.unanswered, others.right, others.wrong, others.latency].every((name) => name === undefined)),
      'requests and errors together, and the other counters only beside them; with none of them: those of the local host',
    ),
  );
}

type Written = v.InferOutput<ReturnType<typeof signalsSchema>>;

/** The signals of a service of this name as they are read. */
export function signalsOf({ errors, latency, prometheus }: Written, name: string): Serving['signals'] {
  if (!prometheus) return { errors: errors !== undefined, latency: latency !== undefined };
  const { requests, errors: failed, unanswered, right, wrong, latency: buckets, service = name, ...rest } = prometheus;
  const counters =
    requests === undefined || failed === undefined
      ? own
      : {
          requests,
          errors: failed,
          ...(unanswered === undefined ? {} : { unanswered }),
          ...(right === undefined ? {} : { right }),
          ...(wrong === undefined ? {} : { wrong }),
          ...(buckets === undefined ? {} : { latency: buckets }),
        };
  return { errors: true, latency: counters.latency !== undefined, prometheus: { ...rest, service, counters } };
}

function isAddress(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : null;
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
}
