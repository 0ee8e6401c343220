import * as v from 'valibot';
import { fail } from '../model/errors.ts';
import type { RecordSwap, RetireRequest, WantRequest, WeightsRequest } from '../model/hosting.ts';
import type { ServiceRecord } from '../model/service-record.ts';
import { refusal } from './admission.ts';

/** Part of the name of a file, so neither hidden nor a way out of its folder. */
const version = v.pipe(v.string(), v.regex(/^[0-9A-Za-z][0-9A-Za-z.+-]*(@fresh)?$/), v.maxLength(200));
const duration = v.pipe(v.number(), v.minValue(0), v.finite());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const write = { fence: count, key: v.string() };
const text = v.pipe(
  v.string(),
  v.check((value) => !value.includes('\0'), 'has a zero byte'),
);

const place = v.pipe(v.string(), v.regex(/^.+:\d{1,5}$/));

const policy = v.object({
  model: text,
  listen: place,
  metrics: v.optional(v.nullable(place), null),
  unit: v.optional(v.nullable(text), null),
  readiness: v.union([v.object({ http: v.string() }), v.object({ tcp: v.literal(true) })]),
  readyWithin: duration,
  identity: v.nullable(v.object({ http: v.string(), json: v.string() })),
  warmup: v.object({
    requests: count,
    golden: v.nullable(v.array(v.object({ method: v.string(), path: v.string(), body: v.nullable(v.string()) }))),
  }),
  stopWithin: duration,
  labels: v.nullable(
    v.object({
      answer: v.string(),
      compare: v.union([v.literal('equal'), v.object({ within: v.number() })]),
      wait: duration,
      pair: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(1)), 0),
    }),
  ),
});

const wanted = v.object({
  version,
  bundleDigest: text,
  copies: v.pipe(count, v.minValue(1)),
  command: v.pipe(v.array(text), v.minLength(1)),
  directory: text,
  environment: v.record(text, text),
  artifacts: text,
});

const schemas = {
  want: v.object({ ...write, policy, versions: v.array(wanted) }),
  weights: v.object({
    ...write,
    weights: v.record(version, v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
    seed: v.string(),
  }),
  retire: v.object({ ...write, version }),
  swap: v.object({ revision: count, value: v.looseObject({ fence: count }) }),
};

/** Each fails with `usage` and says where the document is not what the protocol says. */
export const readWant = (document: unknown): WantRequest => read(schemas.want, document);
export const readWeights = (document: unknown): WeightsRequest => read(schemas.weights, document);
export const readRetire = (document: unknown): RetireRequest => read(schemas.retire, document);
export const readSwap = (document: unknown): RecordSwap & { readonly value: ServiceRecord } =>
  read(schemas.swap, document) as RecordSwap & { readonly value: ServiceRecord };

function read<Schema extends v.GenericSchema>(schema: Schema, document: unknown): v.InferOutput<Schema> {
  const result = v.safeParse(schema, document);
  if (result.success) return result.output;
  const [issue] = result.issues;
  return fail(
    refusal(
      'usage',
      `the request is not as the protocol says at ${v.getDotPath(issue) ?? 'its root'}`,
      issue.message,
      'use a client of this version',
    ),
  );
}
