import * as v from 'valibot';
import { clusterSchema, clusterTraffic, deploymentTarget } from './cluster-schema.ts';
import { goldenSchema, healthSchema } from './health-schema.ts';
import { signalsSchema } from './signals-schema.ts';
import { readDuration, readRate } from './units.ts';

/** The shape of sofare.yaml. Strict everywhere: an unknown key is an error. What is left out has its default here. */
const duration = v.pipe(
  v.string('a duration such as 15m'),
  v.check((text) => readDuration(text) !== null, 'a duration such as 250ms, 15m or 7d'),
  v.transform((text) => readDuration(text) ?? 0),
);
const rate = v.pipe(
  v.union([v.string(), v.number()], 'a rate such as 1%'),
  v.check((value) => readRate(value) !== null, 'a rate such as 0.01 or 1%'),
  v.transform((value) => readRate(value) ?? 0),
);
const count = v.pipe(v.number('a whole number'), v.integer('a whole number'), v.minValue(0, 'a whole number from 0 up'));
const atLeastOne = v.pipe(count, v.minValue(1, 'a whole number from 1 up'));
const text = v.pipe(v.string('a text'), v.nonEmpty('a text that is not empty'));
const path = v.pipe(v.string('a path such as /v2/health/ready'), v.startsWith('/', 'a path that begins with /'));

const processTarget = v.strictObject({
  kind: v.literal('process'),
  command: v.pipe(v.array(text, 'a list such as [node, server.mjs]'), v.minLength(1, 'a list with at least the program')),
  copies: v.optional(atLeastOne, 1),
  directory: v.optional(text, '.'),
  environment: v.optional(v.record(text, v.string('a text; put numbers in quotes')), {}),
  readiness: v.optional(
    v.union([v.strictObject({ http: path }), v.strictObject({ tcp: v.literal(true) })], '{ http: /path } or { tcp: true }'),
    { http: '/v2/health/ready' },
  ),
  readyWithin: v.optional(duration, '60s'),
  stopWithin: v.optional(duration, '10s'),
  warmup: v.optional(
    v.strictObject({
      requests: v.optional(count, 200),
      golden: v.optional(
        v.nullable(
          v.array(v.strictObject({ method: v.optional(text, 'POST'), path, body: v.optional(v.nullable(v.string()), null) })),
        ),
        null,
      ),
    }),
    {},
  ),
});

const place = v.pipe(
  v.string('host:port'),
  v.regex(/^[^\s:]+:\d{1,5}$|^\[[0-9a-f:]+\]:\d{1,5}$/i, 'host:port such as 127.0.0.1:8080'),
);

const proxyTraffic = v.strictObject({
  kind: v.literal('proxy'),
  listen: place,
  metrics: v.optional(v.nullable(place), null),
  unit: v.optional(
    v.nullable(
      v.pipe(
        v.string('the name of a header'),
        v.regex(/^[A-Za-z][A-Za-z0-9-]{0,99}$/, 'the name of a header such as x-user-id'),
        v.toLowerCase(),
      ),
    ),
    null,
  ),
});

const service = v.strictObject({
  model: text,
  cluster: v.optional(clusterSchema(text)),
  target: v.variant('kind', [processTarget, deploymentTarget(duration, text, atLeastOne)], 'one of: process, deployment'),
  traffic: v.variant('kind', [proxyTraffic, ...clusterTraffic(text)], 'one of: proxy, istio, gateway-api, service-selector'),
  identity: v.optional(
    v.strictObject({
      http: path,
      json: text,
      least: v.optional(v.picklist(['none', 'declared', 'routed', 'answered'], 'one of: none, declared, routed, answered')),
    }),
  ),
  health: v.optional(healthSchema(duration, path, text), {}),
  golden: v.optional(v.array(goldenSchema(duration, path, text), 'a list of requests'), []),
  signals: v.optional(signalsSchema(duration, text), {}),
  labels: v.optional(
    v.strictObject({
      answer: text,
      compare: v.optional(
        v.union([v.literal('equal'), v.strictObject({ within: v.number('a number') })], 'equal, or { within: 0.1 }'),
        'equal',
      ),
      wait: v.optional(duration, '10m'),
      pair: v.optional(
        v.pipe(
          rate,
          v.check((part) => part >= 0 && part <= 1, 'a part of the requests such as 10%'),
        ),
        0,
      ),
    }),
  ),
  guard: v.optional(
    v.strictObject({
      alpha: v.optional(
        v.pipe(
          rate,
          v.check((alpha) => alpha > 0 && alpha < 1, 'a rate above 0 and under 1'),
        ),
        0.01,
      ),
      tolerate: v.optional(v.pipe(v.number('a ratio such as 1.25'), v.minValue(1, 'a ratio of at least 1')), 1.25),
      limit: v.optional(
        v.pipe(
          rate,
          v.check((limit) => limit > 0 && limit < 1, 'a rate above 0 and under 1'),
        ),
      ),
      dispersion: v.optional(v.pipe(v.number('a number such as 3'), v.minValue(1, 'a number of at least 1'))),
      baseline: v.optional(v.picklist(['stable', 'fresh'], 'one of: stable, fresh'), 'stable'),
      restarts: v.optional(
        v.pipe(
          v.number('a number such as 2, a copy and day'),
          v.check((restarts) => restarts > 0, 'a number above 0, a copy and day'),
        ),
      ),
      deadline: v.optional(duration, '30m'),
      onUndecided: v.optional(v.picklist(['pause', 'abort'], 'one of: pause, abort'), 'pause'),
    }),
    {},
  ),
  act: v.optional(v.picklist(['observe', 'propose', 'rollback'], 'one of: observe, propose, rollback'), 'propose'),
  bake: v.optional(v.strictObject({ for: v.optional(duration, '15m'), requests: v.optional(count, 1000) }), {}),
  keep: v.optional(v.strictObject({ knownGood: v.optional(count, 3), warm: v.optional(duration, '1h') }), {}),
});

export const schema = v.strictObject({
  version: v.literal(1, '1'),
  state: v.optional(text, '.sofare/'),
  database: v.optional(text),
  lease: v.optional(
    v.pipe(
      duration,
      v.check((lease) => lease >= 1_000, 'a duration of at least 1s'),
    ),
    '30s',
  ),
  host: v.optional(text),
  services: v.optional(v.record(text, service), {}),
  notify: v.optional(v.strictObject({ command: text })),
  recover: v.optional(v.strictObject({ perSecond: v.optional(atLeastOne, 50), atOnce: v.optional(atLeastOne, 8) }), {}),
});

export type Written = v.InferOutput<typeof schema>;
export type WrittenService = Written['services'][string];
